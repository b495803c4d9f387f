extension DiagramPage {
  /// Colours for who wants them dark, by the system's wish or by the button's.
  private static let dark = """
    --ground: #0d1117; --surface: #161b22; --line: #3d444d; --ink: #e6edf3; --faint: #9198a1; --accent: #4493f8;
    --vm: #12283d; --net: #10281a; --store: #2d2510; --end: #21262d; --rule: #331a1c; --plain: #161b22;
    --vm-line: #388bfd; --net-line: #2ea043; --store-line: #9e6a03; --end-line: #6e7681; --rule-line: #da3633;
    --plain-line: #484f58; --reach: #58a6ff; --forward: #a371f7; --route: #f0883e;
    --create: #3fb950; --update: #d29922; --delete: #f85149; --wait: #9198a1; --found: #e3b341;
    """

  static let style = #"""
    :root {
      --ground: #ffffff; --surface: #f6f8fa; --line: #d0d7de; --ink: #1f2328; --faint: #656d76; --accent: #0969da;
      --vm: #ddf4ff; --net: #dafbe1; --store: #fff8c5; --end: #eaeef2; --rule: #ffebe9; --plain: #f6f8fa;
      --vm-line: #54aeff; --net-line: #4ac26b; --store-line: #d4a72c; --end-line: #8c959f; --rule-line: #ff8182;
      --plain-line: #afb8c1; --reach: #0969da; --forward: #8250df; --route: #bc4c00;
      --create: #1a7f37; --update: #9a6700; --delete: #cf222e; --wait: #57606a; --found: #bf8700;
    }
    @media (prefers-color-scheme: dark) {
      :root:not([data-theme=light]) {
    \#(dark)
      }
    }
    :root[data-theme=dark] {
    \#(dark)
    }
    * { box-sizing: border-box; }
    html, body { height: 100%; margin: 0; }
    body {
      display: flex; flex-direction: column; background: var(--ground); color: var(--ink);
      font: 13px/1.45 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
    }
    header > nav:last-of-type { margin-left: auto; }
    header {
      display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; padding: 8px 14px;
      background: var(--surface); border-bottom: 1px solid var(--line);
    }
    h1 { font-size: 15px; font-weight: 600; margin: 0; }
    nav { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; }
    nav label { display: inline-flex; gap: 5px; align-items: center; cursor: pointer; }
    input { accent-color: var(--accent); }
    .search { flex: 1 1 200px; display: flex; gap: 8px; align-items: center; max-width: 420px; }
    .search input {
      width: 100%; padding: 5px 9px; font: inherit; color: inherit; background: var(--ground);
      border: 1px solid var(--line); border-radius: 6px;
    }
    .search output { color: var(--faint); white-space: nowrap; min-width: 4em; }
    button {
      font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 6px;
      padding: 3px 9px; cursor: pointer;
    }
    button:hover { border-color: var(--accent); }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
    main { flex: 1; position: relative; min-height: 0; }
    #picture { width: 100%; height: 100%; display: block; cursor: grab; touch-action: none; user-select: none; }
    #picture.dragged { cursor: grabbing; }
    footer {
      position: absolute; left: 10px; bottom: 10px; display: flex; flex-wrap: wrap; gap: 3px 14px;
      max-width: calc(100% - 20px); padding: 5px 10px; color: var(--faint); background: var(--surface);
      border: 1px solid var(--line); border-radius: 8px; font-size: 12px; pointer-events: none;
    }
    footer span { display: inline-flex; gap: 6px; align-items: center; }
    footer svg { width: 26px; height: 10px; overflow: visible; }
    footer b { font-family: ui-monospace, monospace; }
    aside {
      position: absolute; top: 10px; right: 10px; width: 330px; max-width: calc(100% - 20px);
      max-height: calc(100% - 60px); overflow: auto; padding: 12px 14px; background: var(--surface);
      border: 1px solid var(--line); border-radius: 8px; box-shadow: 0 4px 16px #0003;
    }
    aside h2 { font-size: 14px; margin: 0 26px 0 0; overflow-wrap: anywhere; }
    aside h3 { font-size: 12px; margin: 12px 0 3px; color: var(--faint); font-weight: 600; }
    aside p { margin: 2px 0; overflow-wrap: anywhere; }
    aside ul { list-style: none; margin: 0; padding: 0; }
    aside li { display: flex; gap: 8px; justify-content: space-between; padding: 1px 0; }
    aside li span { color: var(--faint); text-align: right; overflow-wrap: anywhere; }
    aside a { color: var(--accent); cursor: pointer; text-decoration: none; overflow-wrap: anywhere; }
    aside a:hover { text-decoration: underline; }
    aside button { position: absolute; top: 9px; right: 10px; border: 0; background: none; font-size: 15px; }
    noscript { padding: 20px; }
    text { fill: var(--ink); font-size: 12px; }
    .small { font-size: 10.5px; fill: var(--faint); }
    .frame > rect { fill: var(--surface); stroke: var(--line); }
    .frame > .head { cursor: pointer; }
    .frame > .head rect { fill: transparent; }
    .frame .title { font-weight: 600; font-size: 13px; }
    .node { cursor: pointer; }
    .node rect { stroke-width: 1; }
    .node:hover rect, .head:hover .title { stroke-width: 2; }
    .vm > rect { fill: var(--vm); stroke: var(--vm-line); }
    .bridge > rect, .tap > rect, .dns > rect { fill: var(--net); stroke: var(--net-line); }
    .kernel > rect, .rootfs > rect, .image > rect, .disk > rect { fill: var(--store); stroke: var(--store-line); }
    .host > rect, .world > rect, .addresses > rect { fill: var(--end); stroke: var(--end-line); }
    .firewall > rect, .forwarding > rect { fill: var(--rule); stroke: var(--rule-line); }
    .key > rect, .other > rect { fill: var(--plain); stroke: var(--plain-line); }
    .frame.bridge > rect, .frame.vm > rect { fill: var(--surface); }
    .node.f-create > rect, .frame.f-create > rect { stroke: var(--create); stroke-width: 2; }
    .node.f-update > rect, .frame.f-update > rect { stroke: var(--update); stroke-width: 2; }
    .node.f-replace > rect, .frame.f-replace > rect { stroke: var(--delete); stroke-width: 2; }
    .node.f-delete > rect, .frame.f-delete > rect { stroke: var(--delete); stroke-width: 2; stroke-dasharray: 5 3; }
    .node.f-kept > rect, .node.f-pending > rect { stroke: var(--wait); stroke-width: 2; stroke-dasharray: 2 2; }
    .mark { font: 700 12px ui-monospace, monospace; }
    .mark.f-create { fill: var(--create); } .mark.f-update { fill: var(--update); }
    .mark.f-replace, .mark.f-delete { fill: var(--delete); } .mark.f-kept, .mark.f-pending { fill: var(--wait); }
    b.f-create { color: var(--create); } b.f-update { color: var(--update); }
    b.f-replace, b.f-delete { color: var(--delete); } b.f-kept, b.f-pending { color: var(--wait); }
    .edge path { fill: none; stroke: var(--end-line); stroke-width: 1.2; }
    .edge.dependency path { stroke: var(--plain-line); }
    .edge.dependency.lit path { stroke: var(--accent); }
    .edge.cable path { stroke: var(--line); stroke-width: 2.5; }
    .edge.reach path { stroke: var(--reach); }
    .edge.reach.usual path { stroke: var(--line); }
    .edge.forward path { stroke: var(--forward); stroke-width: 1.8; }
    .edge.route path { stroke: var(--route); stroke-dasharray: 5 3; stroke-width: 1.6; }
    .edge.f-create path { stroke: var(--create); stroke-width: 2.2; }
    .edge.f-delete path { stroke: var(--delete); stroke-width: 2.2; stroke-dasharray: 5 3; }
    .edge rect { fill: var(--ground); opacity: .92; }
    .edge text { font-size: 10.5px; fill: var(--faint); }
    .edge.reach text { fill: var(--reach); } .edge.forward text { fill: var(--forward); }
    .edge.usual text { fill: var(--faint); } .edge.route text { fill: var(--route); }
    .edge.f-create text { fill: var(--create); font-weight: 600; }
    .edge.f-delete text { fill: var(--delete); font-weight: 600; }
    marker path { fill: context-stroke; }
    .choosing .edge { opacity: .06; } .choosing .node, .choosing .head { opacity: .28; }
    .choosing .edge.lit { opacity: 1; } .choosing .node.lit, .choosing .head.lit { opacity: 1; }
    .choosing .edge.lit path { stroke-width: 2.4; }
    .node.chosen > rect, .frame.chosen > rect { stroke: var(--accent); stroke-width: 2.6; }
    .node.found > rect, .frame.found > rect { stroke: var(--found); stroke-width: 2.6; }
    """#
}
