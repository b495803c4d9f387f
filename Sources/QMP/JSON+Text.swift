import FoundationEssentials

extension JSON {
  /// Reads one value and nothing behind it but space; nil for anything else.
  package init?(parsing bytes: some Collection<UInt8>) {
    // Why it is no JSON is of no use to anybody: what should be is written by programs.
    guard let value = try? JSONDecoder().decode(JSON.self, from: Data(bytes)) else { return nil }
    self = value
  }

  package init?(parsing text: String) { self.init(parsing: text.utf8) }
}

extension JSON: CustomStringConvertible {
  /// One line without spaces, keys sorted.
  package var description: String { text([]) }

  /// A line for each member, keys sorted, for people.
  package var indented: String { text(.prettyPrinted) }

  private func text(_ more: JSONEncoder.OutputFormatting) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, more]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    } catch {
      preconditionFailure("every case has a form in JSON: \(error)")
    }
  }
}

extension JSON: Codable {
  /// The commonest first, since each wrong guess costs an error.
  package init(from decoder: any Decoder) throws {
    if let members = try? decoder.container(keyedBy: Key.self) {
      self = .object(
        try [String: JSON](
          members.allKeys.map { ($0.stringValue, try members.decode(JSON.self, forKey: $0)) }
        ) { _, last in last })
      return
    }
    let value = try decoder.singleValueContainer()
    if let text = try? value.decode(String.self) {
      self = .string(text)
    } else if let number = try? value.decode(Int64.self) {
      self = .integer(number)
    } else if let isTrue = try? value.decode(Bool.self) {
      self = .bool(isTrue)
    } else if let values = try? value.decode([JSON].self) {
      self = .array(values)
    } else if value.decodeNil() {
      self = .null
    } else {
      self = .number(try value.decode(Double.self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .null: try value.encodeNil()
    case .bool(let isTrue): try value.encode(isTrue)
    case .integer(let number): try value.encode(number)
    // JSON has no word for what is not finite.
    case .number(let number): if number.isFinite { try value.encode(number) } else { try value.encodeNil() }
    case .string(let text): try value.encode(text)
    case .array(let values): try value.encode(values)
    case .object(let members): try value.encode(members)
    }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
