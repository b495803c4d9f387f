extension DiagramPage {
  /// What is shown and in which frames, out of the diagram and what the reader wants.
  static let modelScript = #"""
    const diagram = JSON.parse(document.getElementById("diagram").textContent);
    const isNetwork = diagram.subject === "network";
    const nodes = new Map(diagram.nodes.map(node => [node.id, node]));
    const machines = new Set(diagram.nodes.filter(node => node.category === "vm").map(node => node.id));
    const words = {
      kernel: "kernel", rootfs: "root file system", image: "image", disk: "disk", key: "ssh key",
      firewall: "packet filter", forwarding: "forwarding", bridge: "bridge", dns: "name server", tap: "tap",
      vm: "virtual machine", host: "the host", world: "the world", addresses: "addresses of the world", other: "resource",
    };
    // More than a person takes in at once: then VMs of the same bridges share a frame, and lines are bundled.
    const state = {
      isFolded: machines.size > 12, isBundled: true, showsUsual: machines.size <= 12, closed: new Set(), chosen: null,
    };
    // Which lines begin and end at a thing.
    const around = new Map(diagram.nodes.map(node => [node.id, []]));
    for (const edge of diagram.edges) {
      around.get(edge.from)?.push(edge);
      if (edge.to !== edge.from) around.get(edge.to)?.push(edge);
    }
    // Those of a VM also where they are told of all VMs of its bridges.
    function linesOf(id) {
      const own = around.get(id) ?? [];
      if (!isNetwork || !machines.has(id)) return own;
      const bridges = new Set(own.filter(edge => edge.kind === "cable" && edge.from === id).map(edge => edge.to));
      const shared = [...bridges].flatMap(bridge => around.get(bridge).filter(edge => edge.kind === "reach").map(edge => (
        edge.from === bridge ? { ...edge, from: id } : { ...edge, to: edge.from === id ? edge.to : id })));
      return [...own, ...shared.filter(edge => edge.from !== edge.to && !own.some(same => same.from === edge.from && same.to === edge.to && same.label === edge.label))];
    }
    // The frame that a thing stands in; null: it stands alone.
    function frameOf(node) {
      if (isNetwork || (state.isFolded && node.machine)) return node.group;
      return node.machine && nodes.has("vm." + node.machine) ? "vm." + node.machine : null;
    }
    // The thing that is drawn for a node: itself, its VM, or the head of a frame that is closed.
    function shownFor(id) {
      const node = nodes.get(id);
      const frame = frameOf(node);
      if (frame !== null && state.closed.has(frame)) return "frame:" + frame;
      if (!isNetwork && state.isFolded && node.machine && nodes.has("vm." + node.machine)) return "vm." + node.machine;
      return id;
    }
    // Frames and things that stand alone, each with what is drawn in it.
    function makeBlocks() {
      const blocks = new Map();
      const heads = new Map(diagram.groups.map(group => [group.id, group]));
      for (const node of diagram.nodes) {
        const frame = frameOf(node);
        if (frame === null) {
          blocks.set(node.id, { id: node.id, label: node.label, head: node, tiles: [], isFrame: false });
          continue;
        }
        if (!blocks.has(frame)) {
          const group = heads.get(frame);
          const head = isNetwork ? nodes.get(group?.head ?? "") : state.isFolded ? undefined : nodes.get(frame);
          blocks.set(frame, {
            id: frame, label: head?.label ?? group?.label ?? frame, head: head ?? null, tiles: [], isFrame: true,
            isClosed: state.closed.has(frame),
          });
        }
        const block = blocks.get(frame);
        if (node !== block.head && shownFor(node.id) === node.id) block.tiles.push(node);
        block.count = (block.count ?? 0) + (node.category === "vm" ? 1 : 0);
      }
      // A VM with nothing of its own, and a frame around one thing, need no frame.
      for (const block of blocks.values()) {
        if (!block.isFrame || block.isClosed) continue;
        if (!block.tiles.length && block.head) block.isFrame = false;
        if (block.tiles.length === 1 && !block.head) Object.assign(block, { isFrame: false, head: block.tiles[0], label: block.tiles[0].label });
      }
      return [...blocks.values()];
    }
    const blockIdOf = id => id.startsWith("frame:") ? id.slice(6) : frameOf(nodes.get(id)) ?? id;
    const membersOf = id => diagram.nodes.filter(node => frameOf(node) === frameOf(nodes.get(id)) && node.category === "vm").length;
    // What a frame tells by itself: its cables, what its VMs may start among themselves, what is in a VM's own frame.
    function isWithin(edge) {
      const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)];
      if (frameOf(from) === null || frameOf(from) !== frameOf(to)) return false;
      if (!isNetwork) return from.id === frameOf(from);
      return edge.kind === "cable" || to.category === "bridge";
    }
    function amongThemselves(bridge) {
      const labels = new Set();
      for (const edge of around.get(bridge.id) ?? []) {
        if (edge.kind !== "reach" || edge.to !== bridge.id || edge.fate) continue;
        if (edge.from === bridge.id || nodes.get(edge.from).group === bridge.group) labels.add(edge.label);
      }
      return labels.size === 1 ? "among each other: " + [...labels][0] : labels.size ? "among each other: some" : "";
    }
    // The lines between what is shown; those of many VMs are told by their frames unless the reader wants each.
    function makeEdges() {
      const visible = diagram.edges.filter(edge => state.showsUsual || !edge.usual);
      const drawn = visible.filter(edge => !isWithin(edge)).map(edge => ({ ...edge, from: shownFor(edge.from), to: shownFor(edge.to), count: 1 }));
      const isMany = drawn.filter(edge => machines.has(edge.from) || machines.has(edge.to)).length > 60;
      const all = new Map();
      for (const edge of drawn) {
        if (edge.kind === "cable" && machines.has(edge.from) && membersOf(edge.from) > 1) {
          edge.from = "frame:" + blockIdOf(edge.from); edge.label = "";
        } else if (isMany && state.isBundled && !edge.fate) {
          const [from, to] = [blockIdOf(edge.from), blockIdOf(edge.to)];
          if (from === to && edge.from !== edge.to) continue;
          if (machines.has(edge.from)) edge.from = "frame:" + from;
          if (machines.has(edge.to)) edge.to = "frame:" + to;
        }
        if (edge.from === edge.to && edge.kind === "dependency") continue;
        const key = [edge.from, edge.to, edge.kind, edge.fate].join("\n");
        const same = all.get(key);
        if (!same) { all.set(key, { ...edge, labels: new Set(edge.label ? [edge.label] : []) }); continue; }
        same.count += 1;
        if (edge.label) same.labels.add(edge.label);
      }
      return [...all.values()].map(edge => ({ ...edge, label: labelOf(edge) }));
    }
    function labelOf(edge) {
      const labels = [...edge.labels];
      const text = labels.length > 2 ? labels.length + " kinds of traffic" : labels.join(", ").replaceAll("\n", ", ");
      const short = text.length > 44 ? text.slice(0, 42) + "…" : text;
      return (edge.symbol ? edge.symbol + " " : "") + short + (edge.count > 1 && text && edge.kind !== "cable" ? " ×" + edge.count : "");
    }
    """#
}
