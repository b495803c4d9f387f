extension DiagramPage {
  /// What the reader does: move, look for, point at, choose.
  static let readingScript = #"""
    const picture = document.getElementById("picture");
    const panel = document.getElementById("panel");
    const search = document.getElementById("search");
    const view = { x: 0, y: 0, scale: 1 };
    let bounds = [0, 0, 1, 1];
    const show = () => world.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.scale})`);
    function fit() {
      const [width, height] = [picture.clientWidth, picture.clientHeight];
      const [left, top, right, bottom] = bounds;
      view.scale = Math.min(1.6, (width - 60) / (right - left), (height - 110) / (bottom - top));
      view.x = width / 2 - (left + right) / 2 * view.scale;
      view.y = (height - 40) / 2 - (top + bottom) / 2 * view.scale;
      show();
    }
    function zoom(factor, at = { x: picture.clientWidth / 2, y: picture.clientHeight / 2 }) {
      const scale = Math.min(6, Math.max(0.05, view.scale * factor));
      view.x = at.x - (at.x - view.x) * scale / view.scale;
      view.y = at.y - (at.y - view.y) * scale / view.scale;
      view.scale = scale;
      show();
    }
    function center(id) {
      const box = shapes.get(id)?.box;
      if (!box) return;
      view.scale = Math.max(view.scale, 0.8);
      const { x, y } = middle(box);
      view.x = picture.clientWidth / 2 - x * view.scale;
      view.y = picture.clientHeight / 2 - y * view.scale;
      show();
    }
    const local = event => { const place = picture.getBoundingClientRect(); return { x: event.clientX - place.left, y: event.clientY - place.top }; };
    picture.addEventListener("wheel", event => { event.preventDefault(); zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), local(event)); }, { passive: false });
    // One pointer moves, two zoom; what moved was no click.
    const pointers = new Map();
    let hasMoved = false;
    picture.addEventListener("pointerdown", event => { pointers.set(event.pointerId, local(event)); hasMoved = false; });
    addEventListener("pointermove", event => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const now = local(event);
      if (!hasMoved && Math.hypot(now.x - before.x, now.y - before.y) < 4) return;
      hasMoved = true;
      picture.classList.add("dragged");
      if (pointers.size === 2) {
        const other = [...pointers].find(([id]) => id !== event.pointerId)[1];
        zoom(Math.hypot(now.x - other.x, now.y - other.y) / (Math.hypot(before.x - other.x, before.y - other.y) || 1), other);
      } else { view.x += now.x - before.x; view.y += now.y - before.y; show(); }
      pointers.set(event.pointerId, now);
    });
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, event => { pointers.delete(event.pointerId); picture.classList.remove("dragged"); });
    // A thing, its neighbours and the lines between them, also those that are bundled otherwise.
    function light(id) {
      document.querySelectorAll(".lit, .extra").forEach(element => element.classList.contains("extra") ? element.remove() : element.classList.remove("lit"));
      world.classList.toggle("choosing", id !== null);
      if (id === null) return;
      const own = linesOf(id);
      const shown = new Set([shownFor(id)]);
      for (const edge of own) { shown.add(shownFor(edge.from)); shown.add(shownFor(edge.to)); }
      for (const other of shown) shapes.get(other)?.element.classList.add("lit");
      const extra = svg("g", { class: "extra" }, world);
      const seen = new Set();
      taken = occupied([...blocksById.values()]);
      for (const edge of own) {
        if (edge.kind === "cable" || isWithin(edge)) continue;
        const drawn = { ...edge, from: shownFor(edge.from), to: shownFor(edge.to), labels: new Set(edge.label ? [edge.label] : []), count: 1 };
        drawn.label = labelOf(drawn);
        const key = [drawn.from, drawn.to, drawn.kind, drawn.label].join("\n");
        if (drawn.from === drawn.to && drawn.kind === "dependency" || seen.has(key)) continue;
        seen.add(key);
        drawEdge(drawn, extra)?.classList.add("lit");
      }
    }
    function pointed(event) {
      const element = event.target.closest?.("[data-id]");
      return element?.dataset.id ?? null;
    }
    picture.addEventListener("pointerover", event => { if (!pointers.size && state.chosen === null) light(pointed(event)); });
    picture.addEventListener("pointerleave", () => { if (state.chosen === null) light(null); });
    picture.addEventListener("click", event => {
      if (hasMoved) return;
      const fold = event.target.closest("[data-fold]")?.dataset.fold;
      if (event.target.dataset?.fold || (fold && !pointed(event))) { toggle(fold); return; }
      choose(pointed(event));
    });
    picture.addEventListener("dblclick", event => { const frame = event.target.closest(".head")?.querySelector("[data-fold]")?.dataset.fold; if (frame) toggle(frame); });
    picture.addEventListener("keydown", event => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(pointed(event)); } });
    function toggle(frame) {
      if (!state.closed.delete(frame)) state.closed.add(frame);
      bounds = draw();
      light(state.chosen);
    }
    function choose(id, isCentered = false) {
      state.chosen = id;
      document.querySelectorAll(".chosen").forEach(element => element.classList.remove("chosen"));
      if (id !== null) {
        const shape = shapes.get(shownFor(id));
        (shape?.element.classList.contains("head") ? shape.element.parentNode : shape?.element)?.classList.add("chosen");
        if (isCentered) center(shownFor(id));
      }
      light(id);
      tell(id);
    }
    function html(name, parent, text = null, kind = null) {
      const element = document.createElement(name);
      if (text !== null) element.textContent = text;
      if (kind) element.className = kind;
      parent?.append(element);
      return element;
    }
    function tell(id) {
      panel.replaceChildren();
      panel.hidden = id === null;
      if (id === null) return;
      const node = nodes.get(id);
      const close = html("button", panel, "×");
      close.title = "close (Esc)";
      close.onclick = () => choose(null);
      html("h2", panel, marked(node));
      html("p", panel, words[node.category] + (node.id !== node.label && node.id.includes(".") ? " · " + node.id : ""));
      for (const fact of node.facts) html("p", panel, fact);
      if (node.plan.length) html("h3", panel, "plan");
      for (const line of node.plan) html("p", panel, line);
      const parts = isNetwork
        ? [["may start", "reach", "from"], ["may be asked by", "reach", "to"], ["port forwards", "forward", "from"], ["forwarded from the host", "forward", "to"], ["way out", "route", "from"], ["way out of", "route", "to"], ["plugged into", "cable", "from"], ["plugged in", "cable", "to"]]
        : [["stands on", "dependency", "from"], ["what stands on it", "dependency", "to"]];
      for (const [title, kind, side] of parts) {
        const other = side === "from" ? "to" : "from";
        const found = linesOf(id).filter(edge => edge.kind === kind && edge[side] === id);
        if (!found.length) continue;
        html("h3", panel, title + (found.length > 1 ? " (" + found.length + ")" : ""));
        const list = html("ul", panel);
        for (const edge of found) {
          const item = html("li", list);
          const target = nodes.get(edge[other]);
          const link = html("a", item, isNetwork ? target.category === "bridge" && kind === "reach" ? "VMs of " + target.label : target.label : target.id);
          link.onclick = () => choose(target.id, true);
          html("span", item, (edge.symbol ? edge.symbol + " " : "") + edge.label.replaceAll("\n", ", "));
        }
      }
      if (node.machine || !isNetwork) return;
      const members = diagram.nodes.filter(other => other.group === node.group && other.id !== id && node.group);
      if (members.length) html("p", panel, members.length + " VMs in its frame");
    }
    // Finding goes by everything that is known of a thing.
    let matches = [], current = -1;
    function find() {
      const parts = search.value.toLowerCase().split(/\s+/).filter(part => part);
      document.querySelectorAll(".found").forEach(element => element.classList.remove("found"));
      matches = parts.length ? diagram.nodes.filter(node => { const text = [node.id, node.label, words[node.category], ...node.facts].join(" ").toLowerCase(); return parts.every(part => text.includes(part)); }) : [];
      current = -1;
      for (const node of matches) {
        const element = shapes.get(shownFor(node.id))?.element;
        (element?.classList.contains("head") ? element.parentNode : element)?.classList.add("found");
      }
      document.getElementById("found").textContent = parts.length ? matches.length + " found" : "";
    }
    search.addEventListener("input", find);
    search.addEventListener("keydown", event => {
      if (event.key !== "Enter" || !matches.length) return;
      current = (current + (event.shiftKey ? matches.length - 1 : 1)) % matches.length;
      document.getElementById("found").textContent = current + 1 + " of " + matches.length;
      choose(matches[current].id, true);
    });
    addEventListener("keydown", event => {
      if (event.key === "Escape") { if (search.value) { search.value = ""; find(); } choose(null); search.blur(); return; }
      if (event.target === search || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "/") { event.preventDefault(); search.focus(); }
      if (event.key === "+" || event.key === "=") zoom(1.25);
      if (event.key === "-") zoom(0.8);
      if (event.key === "0") fit();
    });
    document.getElementById("in").onclick = () => zoom(1.25);
    document.getElementById("out").onclick = () => zoom(0.8);
    document.getElementById("fit").onclick = fit;
    document.getElementById("theme").onclick = () => {
      const root = document.documentElement;
      const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = isDark ? "light" : "dark";
    };
    function option(label, isOn, change) {
      const element = html("label", document.getElementById("options"));
      const box = html("input", element);
      box.type = "checkbox"; box.checked = isOn;
      element.append(label);
      box.onchange = () => { change(box.checked); bounds = draw(); fit(); find(); light(state.chosen); };
    }
    if (!isNetwork) option("a frame for each VM", !state.isFolded, isOn => { state.isFolded = !isOn; state.closed.clear(); });
    if (isNetwork && diagram.edges.length > 60) option("every line", false, isOn => { state.isBundled = !isOn; });
    if (diagram.edges.some(edge => edge.usual)) option("what the host may", state.showsUsual, isOn => { state.showsUsual = isOn; });
    const legend = document.getElementById("legend");
    function key(kind, text, isLine) {
      const item = html("span", legend);
      if (isLine) { const sample = svg("svg", {}, item); svg("path", { d: "M0 5H26" }, svg("g", { class: "edge " + kind }, sample)); } else html("b", item, kind.symbol, "f-" + kind.fate);
      item.append(text);
    }
    const kinds = new Set(diagram.edges.map(edge => edge.kind));
    for (const [kind, text] of [["cable", "plugged into"], ["reach", "may start"], ["forward", "port forward"], ["route", "gateway"], ["dependency", "stands on"]]) if (kinds.has(kind)) key(kind, text, true);
    for (const entry of diagram.legend) key(entry, entry.meaning, false);
    if (diagram.shows_plan && !diagram.legend.length) html("span", legend, "the plan changes nothing");
    bounds = draw();
    fit();
    addEventListener("resize", fit);
    """#
}
