extension DiagramPage {
  /// Blocks, tiles and lines as SVG. All words are set as text, never read as markup.
  static let drawingScript = #"""
    const world = document.getElementById("world");
    const shapes = new Map();
    function svg(name, attributes = {}, parent = null, text = null) {
      const element = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      if (text !== null) element.textContent = text;
      parent?.append(element);
      return element;
    }
    const fateClass = thing => thing?.fate ? " f-" + thing.fate : "";
    function addShape(id, element, box, node) {
      shapes.set(id, { element, box, node });
      if (node) element.dataset.id = node.id;
      element.setAttribute("tabindex", "0");
      element.setAttribute("role", "button");
      element.setAttribute("aria-label", node ? words[node.category] + " " + node.label : id);
    }
    function drawMark(parent, node, x, y) {
      if (!node?.symbol) return 0;
      const width = widthOf(node.symbol, 12, "700") + 8;
      svg("text", { class: "mark" + fateClass(node), x, y }, parent, node.symbol);
      return width;
    }
    function drawTile(parent, tile, origin) {
      const box = { ...tile.box, x: origin.x + tile.box.x, y: origin.y + tile.box.y };
      const group = svg("g", { class: "node " + tile.category + fateClass(tile) }, parent);
      svg("title", {}, group, [tile.label, words[tile.category], ...tile.facts].join("\n"));
      svg("rect", { x: box.x, y: box.y, width: box.width, height: box.height, rx: 6 }, group);
      const shift = drawMark(group, tile, box.x + 9, box.y + 16);
      svg("text", { x: box.x + 9 + shift, y: box.y + 16 }, group, cut(tile.label, 12, box.width - 16 - shift));
      if (!tile.isDense) svg("text", { class: "small", x: box.x + 9, y: box.y + 30 }, group, cut(tileFact(tile), 10.5, box.width - 16));
      addShape(tile.id, group, box, tile);
    }
    function drawBlock(block) {
      const box = { x: block.x, y: block.y, width: block.width, height: block.height };
      const head = block.head;
      if (!block.isFrame) {
        const group = svg("g", { class: "node " + head.category + fateClass(head) }, world);
        svg("title", {}, group, [head.label, words[head.category], ...head.facts].join("\n"));
        svg("rect", { ...box, rx: 8 }, group);
        const shift = drawMark(group, head, box.x + 10, box.y + 19);
        svg("text", { x: box.x + 10 + shift, y: box.y + 19, "font-weight": 600 }, group, cut(head.label, 12.5, box.width - 16 - shift));
        const facts = isNetwork ? block.facts : [words[head.category], ...block.facts];
        facts.forEach((fact, index) => svg("text", { class: "small", x: box.x + 10, y: box.y + 35 + index * 15 }, group, cut(fact, 10.5, box.width - 16)));
        addShape(head.id, group, box, head);
        return;
      }
      const frame = svg("g", { class: "frame " + (head?.category ?? "") + fateClass(head) }, world);
      svg("rect", { ...box, rx: 10 }, frame);
      const top = svg("g", { class: "head" }, frame);
      svg("title", {}, top, [block.label, ...(head?.facts ?? [])].join("\n"));
      svg("rect", { x: box.x, y: box.y, width: box.width, height: block.headHeight, rx: 10 }, top);
      const fold = svg("text", { class: "small", x: box.x + 11, y: box.y + 20 }, top, block.isClosed ? "▸" : "▾");
      fold.dataset.fold = block.id;
      const shift = drawMark(top, head, box.x + 27, box.y + 20);
      svg("text", { class: "title", x: box.x + 27 + shift, y: box.y + 20 }, top, block.label);
      svg("text", { class: "small", x: box.x + box.width - 12, y: box.y + 20, "text-anchor": "end" }, top, block.note ?? "");
      block.facts.forEach((fact, index) => svg("text", { class: "small", x: box.x + 14, y: box.y + 36 + index * 15 }, top, cut(fact, 10.5, box.width - 26)));
      addShape("frame:" + block.id, top, box, null);
      top.dataset.fold = head ? "" : block.id;
      if (head) { shapes.set(head.id, { element: top, box, node: head }); top.dataset.id = head.id; }
    }
    // Where a line from the middle of a box to a point leaves the box.
    function border(box, point) {
      const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2];
      const [dx, dy] = [point.x - cx, point.y - cy];
      const part = Math.min(dx ? box.width / 2 / Math.abs(dx) : Infinity, dy ? box.height / 2 / Math.abs(dy) : Infinity);
      return part === Infinity ? { x: cx, y: cy } : { x: cx + dx * part, y: cy + dy * part };
    }
    const middle = box => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    function curve(edge, from, to) {
      if (from === to) {
        const [x, y] = [from.x + from.width, from.y + 16];
        return { d: `M${x} ${y - 7}c34 -8 34 22 0 14`, at: () => ({ x: x + 30, y }) };
      }
      const [a, b] = [middle(from), middle(to)];
      if (!isNetwork) {
        const isRight = b.x > a.x;
        const start = { x: from.x + (isRight ? from.width : 0), y: a.y };
        const end = { x: to.x + (isRight ? 0 : to.width), y: b.y };
        const bend = Math.max(30, Math.abs(end.x - start.x) * 0.45) * (isRight ? 1 : -1);
        return cubic(start, { x: start.x + bend, y: start.y }, { x: end.x - bend, y: end.y }, end);
      }
      // Beside each other: below all that stands between them.
      const [left, right] = [blocksById.get(blockIdOf(edge.from)), blocksById.get(blockIdOf(edge.to))];
      if (left !== right && left.floor === right.floor && edge.kind !== "cable") {
        const isRight = b.x > a.x;
        const start = { x: a.x + from.width * (isRight ? 0.22 : -0.22), y: from.y + from.height };
        const end = { x: b.x + to.width * (isRight ? -0.3 : 0.3), y: to.y + to.height };
        const depth = left.floor + 34 + Math.abs(end.x - start.x) * 0.1 + (isRight ? 0 : 26);
        return cubic(start, { x: start.x, y: depth }, { x: end.x, y: depth }, end);
      }
      const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
      // Each direction and kind bends its own way, so that none hides another.
      const turn = edge.kind === "cable" ? 0 : edge.kind === "forward" ? -1.3 : edge.kind === "route" ? 1.3 : 0.75;
      const bend = turn * Math.min(110, 24 + length * 0.16);
      const control = { x: (a.x + b.x) / 2 - (b.y - a.y) / length * bend, y: (a.y + b.y) / 2 + (b.x - a.x) / length * bend };
      const [start, end] = [border(from, control), border(to, control)];
      return {
        d: `M${start.x} ${start.y}Q${control.x} ${control.y} ${end.x} ${end.y}`,
        at: t => ({ x: (1 - t) ** 2 * start.x + 2 * t * (1 - t) * control.x + t * t * end.x, y: (1 - t) ** 2 * start.y + 2 * t * (1 - t) * control.y + t * t * end.y }),
      };
    }
    function cubic(a, b, c, d) {
      const along = (t, key) => (1 - t) ** 3 * a[key] + 3 * t * (1 - t) ** 2 * b[key] + 3 * t * t * (1 - t) * c[key] + t ** 3 * d[key];
      return { d: `M${a.x} ${a.y}C${b.x} ${b.y} ${c.x} ${c.y} ${d.x} ${d.y}`, at: t => ({ x: along(t, "x"), y: along(t, "y") }) };
    }
    function drawEdge(edge, parent) {
      const [from, to] = [shapes.get(edge.from), shapes.get(edge.to)];
      if (!from || !to) return null;
      const { d, at } = curve(edge, from.box, to.box);
      const group = svg("g", { class: "edge " + edge.kind + (edge.usual ? " usual" : "") + fateClass(edge) }, parent);
      const path = svg("path", { d }, group);
      if (edge.kind !== "cable") path.setAttribute("marker-end", "url(#arrow)");
      if (edge.label) {
        const width = widthOf(edge.label, 10.5) + 8;
        const spot = free(at, width);
        svg("rect", { ...spot, rx: 4 }, group);
        svg("text", { x: spot.x + width / 2, y: spot.y + 12, "text-anchor": "middle" }, group, edge.label);
      }
      return group;
    }
    // A label stands where on its line neither a thing nor another label is; where there is no such place, in the middle.
    let taken = [];
    function free(at, width) {
      const spots = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82].map(at).map(({ x, y }) => ({ x: x - width / 2, y: y - 8, width, height: 16 }));
      const found = spots.find(spot => taken.every(other => spot.x + spot.width < other.x || other.x + other.width < spot.x || spot.y + spot.height < other.y || other.y + other.height < spot.y)) ?? spots[0];
      taken.push(found);
      return found;
    }
    // What labels must not cover: things that stand alone, tiles, and the heads of frames.
    function occupied(blocks) {
      return blocks.flatMap(block => block.isFrame
        ? [{ x: block.x, y: block.y, width: block.width, height: block.headHeight }, ...block.tiles.map(tile => ({ ...tile.box, x: block.x + tile.box.x, y: block.y + tile.box.y }))]
        : [{ x: block.x, y: block.y, width: block.width, height: block.height }]);
    }
    let blocksById = new Map();
    function draw() {
      world.replaceChildren();
      shapes.clear();
      const marker = svg("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse", markerUnits: "userSpaceOnUse" }, svg("defs", {}, world));
      svg("path", { d: "M0 0L8 4L0 8z" }, marker);
      const [blocks, edges] = [makeBlocks(), makeEdges()];
      place(blocks, edges);
      blocksById = new Map(blocks.map(block => [block.id, block]));
      taken = occupied(blocks);
      const cables = svg("g", {}, world);
      // Lines run over frames and behind what stands alone or in them.
      blocks.filter(block => block.isFrame).forEach(drawBlock);
      const over = svg("g", {}, world);
      for (const block of blocks) if (block.isFrame) block.tiles.forEach(tile => drawTile(world, tile, block)); else drawBlock(block);
      for (const edge of edges) drawEdge(edge, edge.kind === "cable" || edge.kind === "dependency" ? cables : over);
      const bounds = blocks.map(block => [block.x, block.y, block.x + block.width, block.y + block.height]);
      return [0, 1, 2, 3].map(side => (side < 2 ? Math.min : Math.max)(...bounds.map(box => box[side])));
    }
    """#
}
