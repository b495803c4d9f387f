import Diagnostics

/// Makes the tree of the events. A collection that is being read is a frame; when it ends it becomes a node of the frame below.
struct YAMLTreeBuilder {
  /// What was wrong without ending the reading.
  private(set) var faults = Diagnostics()
  /// nil until the document has ended.
  private(set) var root: YAMLNode?
  private(set) var isFinished = false

  private let limits: YAMLLimits
  private var frames: [Frame] = []
  private var anchors: [String: (node: YAMLNode, size: Int)] = [:]
  /// Anchors of collections that have not ended.
  private var openAnchors: Set<String> = []
  private var aliasedNodes = 0

  private struct Frame {
    var anchor: String?
    var location: SourceLocation
    /// Nodes so far, what aliases stand for included.
    var size = 1
    /// Of a sequence.
    var nodes: [YAMLNode] = []
    /// nil for a sequence.
    var mapping: YAMLMappingBuilder?
    /// The key of a mapping whose value is awaited.
    var key: YAMLNode?
  }

  init(limits: YAMLLimits) { self.limits = limits }

  /// Throws where the reading cannot go on.
  mutating func take(_ event: YAMLEvent) throws(Diagnostics) {
    let location = event.location
    switch event.kind {
    case .streamStart, .documentEnd: break
    case .streamEnd: isFinished = true
    case .documentStart:
      guard root == nil else {
        throw Diagnostics(
          Diagnostic(.error, "a second document begins here", at: location, remedy: "a manifest is one document"))
      }
    case .alias(let name):
      try takeAlias(name, at: location)
    case .scalar(let text, let isPlain, let properties):
      let tag = check(properties.tag, at: location, ["str", "int", "float", "bool", "null", "merge"])
      let plain = tag == nil ? isPlain : tag != "str"
      add(YAMLNode(.scalar(YAMLScalar(text, isPlain: plain)), at: location), size: 1, anchor: properties.anchor)
    case .sequenceStart(let properties):
      check(properties.tag, at: location, ["seq"])
      try push(nil, properties.anchor, at: location)
    case .mappingStart(let properties):
      check(properties.tag, at: location, ["map"])
      try push(YAMLMappingBuilder(), properties.anchor, at: location)
    case .sequenceEnd, .mappingEnd:
      pop(endingAt: location)
    }
  }

  private mutating func push(
    _ mapping: YAMLMappingBuilder?, _ anchor: String?, at location: SourceLocation
  ) throws(Diagnostics) {
    guard frames.count < limits.depth else {
      throw Diagnostics(
        Diagnostic(.error, "more than \(limits.depth) lists and mappings in one another", at: location))
    }
    if let anchor { openAnchors.insert(anchor) }
    frames.append(Frame(anchor: anchor, location: location, mapping: mapping))
  }

  private mutating func pop(endingAt end: SourceLocation) {
    guard let frame = frames.popLast() else { return }
    let start = frame.location
    var width = start.width
    let content: YAMLNode.Content
    if let builder = frame.mapping {
      let mapping = builder.finish(&faults)
      // A block mapping begins with its first key.
      if let first = mapping.entries.first?.keyLocation, first.line == start.line, first.column == start.column {
        width = first.width
      }
      content = .mapping(mapping)
    } else {
      content = .sequence(frame.nodes)
    }
    // A flow collection on one line is marked from bracket to bracket.
    if end.line == start.line { width = end.column + end.width - start.column }
    let location = SourceLocation(in: start.text, line: start.line, column: start.column, width: width)
    if let anchor = frame.anchor { openAnchors.remove(anchor) }
    add(YAMLNode(content, at: location), size: frame.size, anchor: frame.anchor)
  }

  private mutating func takeAlias(_ name: String, at location: SourceLocation) throws(Diagnostics) {
    guard let (node, size) = anchors[name], !openAnchors.contains(name) else {
      let isInside = openAnchors.contains(name)
      faults.error(
        isInside
          ? "the alias *\(name) stands inside what it stands for" : "no anchor &\(name) stands before this alias",
        at: location, remedy: isInside ? nil : "write &\(name) before the value that is meant")
      add(YAMLNode(.scalar(YAMLScalar("", isPlain: true)), at: location), size: 1, anchor: nil)
      return
    }
    aliasedNodes += size
    guard aliasedNodes <= limits.aliasedNodes else {
      throw Diagnostics(
        Diagnostic(
          .error, "the aliases up to here stand for more than \(limits.aliasedNodes) values", at: location,
          remedy: "write fewer aliases of aliases"))
    }
    add(node, size: size, anchor: nil)
  }

  /// Puts a finished node where it belongs.
  private mutating func add(_ node: YAMLNode, size: Int, anchor: String?) {
    if let anchor { anchors[anchor] = (node, size) }
    guard let top = frames.indices.last else {
      root = node
      return
    }
    frames[top].size += size
    if frames[top].mapping == nil {
      frames[top].nodes.append(node)
    } else if let key = frames[top].key {
      frames[top].mapping?.add(key, node, &faults)
      frames[top].key = nil
    } else {
      frames[top].key = node
    }
  }

  /// The tag's name within YAML's own; nil where none is written. One that is not among `allowed` is a fault.
  @discardableResult
  private mutating func check(_ tag: String?, at location: SourceLocation, _ allowed: [String]) -> String? {
    guard let tag, tag != "!" else { return tag == nil ? nil : "str" }
    let own = "tag:yaml.org,2002:"
    let name = tag.hasPrefix(own) ? String(tag.dropFirst(own.count)) : nil
    if let name, allowed.contains(name) { return name }
    faults.error("the tag \(name.map { "!!\($0)" } ?? tag) means nothing here", at: location, remedy: "leave it out")
    return nil
  }
}
