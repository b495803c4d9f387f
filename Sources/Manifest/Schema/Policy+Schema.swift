import Network

extension Endpoint {
  fileprivate static let shape = SectionSchema.Shape.text("web", "bridge:lan", "world", "host", "192.168.100.0/24")
}

extension FlowSpec {
  static let schema = SectionSchema(
    "a flow",
    [
      .init(
        "from", Endpoint.shape, isRequired: true,
        "Who starts: a machine, `bridge:NAME`, `world`, `host`, an address or a prefix."),
      .init("to", Endpoint.shape, isRequired: true, "Who is reached."),
      .init(
        "ports", .oneOrMore(.textOrNumber("5432", "53/udp")),
        "The receiver's ports. Left out: every protocol and port."),
    ])
}

extension ForwardSpec {
  static let schema = SectionSchema(
    "a forward",
    [
      .init("host", .number(1...65535), isRequired: true, "The host's port."),
      .init(
        "to", .text("web"), isRequired: true,
        "The machine; of each family its address where it has its gateway is taken, else its first."),
      .init("port", .number(1...65535), "The machine's port. Default: the host's."),
      .init("proto", .words(TransportProtocol.self), "Default: `tcp`."),
      .init(
        "address", .text("0.0.0.0", "127.0.0.1"),
        "The host's address that it is asked at. `0.0.0.0` or `::`: every one of that family. Default: every one."),
    ])
}

extension ExpectSpec {
  static let schema = SectionSchema(
    "an expectation",
    [
      .init("from", Endpoint.shape, isRequired: true, "Who starts."),
      .init("to", Endpoint.shape, isRequired: true, "Who is reached."),
      .init("port", .textOrNumber("5432", "53/udp"), "Left out: every protocol and port."),
      .init(
        "verdict", .words(Verdict.self), isRequired: true,
        "`allow`: all of that passes, from every address and port. `deny`: no packet of that passes, by whatever way."),
    ])
}
