extension DiagramPage {
  /// Where everything goes: blocks in layers, what belongs together near each other.
  static let layoutScript = #"""
    const pen = document.createElement("canvas").getContext("2d");
    function widthOf(text, size, weight = "") {
      pen.font = weight + " " + size + "px system-ui, 'Segoe UI', Arial, sans-serif";
      return pen.measureText(text).width;
    }
    function cut(text, size, room) {
      if (widthOf(text, size) <= room) return text;
      let end = text.length;
      while (end > 1 && widthOf(text.slice(0, end) + "…", size) > room) end -= 1;
      return text.slice(0, end) + "…";
    }
    const marked = node => (node.symbol ? node.symbol + " " : "") + node.label;
    // The size of a block, and where its tiles are in it.
    function measure(block) {
      const head = block.head;
      const title = widthOf(block.label, 13, "600") + (head?.symbol ? 26 : 0);
      if (!block.isFrame) {
        const facts = (head?.facts ?? []).slice(0, isNetwork ? 3 : 1);
        block.facts = facts;
        head.box = null;
        block.width = Math.max(isNetwork ? 130 : 96, Math.min(300, Math.max(title, ...facts.map(fact => widthOf(fact, 10.5)), isNetwork ? 0 : widthOf(words[head?.category] ?? "", 10.5)) + 22));
        block.height = 28 + 15 * (facts.length + (isNetwork ? 0 : 1));
        return;
      }
      const facts = isNetwork ? (head?.facts ?? []).slice(0, 3) : head ? (head.facts ?? []).slice(0, 1) : [];
      const count = block.count > 1 ? block.count + " VMs" : "";
      const mutual = isNetwork && head ? amongThemselves(head) : "";
      block.facts = [facts.join(" · "), mutual].filter(text => text);
      block.note = count;
      const headHeight = 30 + 15 * block.facts.length;
      const least = Math.max(title + widthOf(count, 10.5) + 54, ...block.facts.map(fact => Math.min(widthOf(fact, 10.5), 460) + 28), 120);
      if (block.isClosed || !block.tiles.length) {
        block.width = least; block.height = headHeight + 4; block.headHeight = headHeight;
        return;
      }
      const isDense = block.tiles.length > 24;
      const widest = Math.max(...block.tiles.map(tile => Math.max(widthOf(tile.label, 12) + (tile.symbol ? 20 : 0), isDense ? 0 : widthOf(tileFact(tile), 10.5))));
      const [width, height, gap] = [Math.max(58, Math.min(190, widest + 20)), isDense ? 24 : 38, isDense ? 6 : 14];
      const columns = Math.max(1, Math.min(block.tiles.length, Math.ceil(Math.sqrt(block.tiles.length * (isNetwork ? 1.5 : 1) * height / width)), block.tiles.length > 60 ? 99 : 5));
      block.tiles.forEach((tile, index) => {
        tile.box = { x: 14 + (index % columns) * (width + gap), y: headHeight + 6 + Math.floor(index / columns) * (height + gap), width, height };
        tile.isDense = isDense;
      });
      const rows = Math.ceil(block.tiles.length / columns);
      const inner = columns * (width + gap) - gap;
      block.width = Math.max(least, 28 + inner);
      for (const tile of block.tiles) tile.box.x += (block.width - 28 - inner) / 2;
      block.height = headHeight + 6 + rows * (height + gap) - gap + 14;
      block.headHeight = headHeight;
    }
    const tileFact = tile => isNetwork || tile.category === "vm" ? tile.facts[0] ?? "" : words[tile.category];
    // The layer of each block: the network from the world down, resources from what stands on others to what stands.
    function rank(blocks, edges) {
      const byId = new Map(blocks.map(block => [block.id, block]));
      const links = edges.map(edge => [blockIdOf(edge.from), blockIdOf(edge.to), edge.kind]).filter(([from, to]) => from !== to);
      if (isNetwork) {
        for (const block of blocks) {
          const category = block.head?.category;
          block.rank = ["world", "addresses"].includes(category) ? 0 : category === "host" ? 1 : category === "bridge" ? 2 : 3;
        }
      } else {
        const above = new Map(blocks.map(block => [block.id, []]));
        for (const [from, to] of links) above.get(to)?.push(from);
        const depth = new Map();
        const depthOf = (id, path) => {
          if (depth.has(id)) return depth.get(id);
          if (path.has(id)) return 0;
          path.add(id);
          const deepest = Math.max(-1, ...above.get(id).map(other => depthOf(other, path)));
          path.delete(id);
          depth.set(id, deepest + 1);
          return deepest + 1;
        };
        for (const block of blocks) block.rank = depthOf(block.id, new Set());
      }
      return { byId, links };
    }
    function place(blocks, edges) {
      blocks.forEach(measure);
      const { byId, links } = rank(blocks, edges);
      const layers = [];
      for (const block of blocks) (layers[block.rank] ??= []).push(block);
      const rows = layers.filter(layer => layer?.length);
      const near = new Map(blocks.map(block => [block.id, []]));
      for (const [from, to] of links) { near.get(from)?.push(byId.get(to)); near.get(to)?.push(byId.get(from)); }
      rows.forEach(row => row.forEach((block, index) => { block.order = (index + 0.5) / row.length; }));
      // Each next to what it is linked with (barycentres, down and up a few times).
      for (let round = 0; round < 8; round += 1) {
        for (const row of round % 2 ? [...rows].reverse() : rows) {
          for (const block of row) {
            const others = near.get(block.id).filter(other => other && other.rank !== block.rank);
            block.pull = others.length ? others.reduce((sum, other) => sum + other.order, 0) / others.length : block.order;
          }
          row.sort((a, b) => a.pull - b.pull || (a.id < b.id ? -1 : 1));
          row.forEach((block, index) => { block.order = (index + 0.5) / row.length; });
        }
      }
      const [along, across, length, depth] = isNetwork ? ["x", "y", "width", "height"] : ["y", "x", "height", "width"];
      const gap = isNetwork ? 64 : 22;
      const most = isNetwork ? 2600 : 1500;
      let start = 0;
      for (const row of rows) {
        // A layer that is too long is broken.
        const lines = [[]];
        let used = 0;
        for (const block of row) {
          if (used > 0 && used + block[length] > most) { lines.push([]); used = 0; }
          lines[lines.length - 1].push(block);
          used += block[length] + gap;
        }
        for (const line of lines) {
          const total = line.reduce((sum, block) => sum + block[length] + gap, -gap);
          const thick = Math.max(...line.map(block => block[depth]));
          let at = -total / 2;
          for (const block of line) {
            block[along] = at; block.floor = start + thick; block[across] = isNetwork ? start : start + (thick - block[depth]) / 2;
            at += block[length] + gap;
          }
          // Lines between frames that stand beside each other hang below them.
          start += thick + (isNetwork ? 92 + (row[0].rank === 2 && line.length > 1 ? 20 + total * 0.085 : 0) : line === lines[lines.length - 1] ? 110 : 30);
        }
      }
    }
    """#
}
