import CNftnl
import Network

extension Register {
  /// NFT_REG_* as the kernel tells it: whole sixteen bytes where the value starts on them, else four.
  var number: UInt32 { word % 4 == 0 ? NFT_REG_1.rawValue + word / 4 : NFT_REG32_00.rawValue + word }

  /// nil for the verdict's register and for what is none.
  init?(number: UInt32) {
    switch number {
    case NFT_REG_1.rawValue...NFT_REG_4.rawValue: self.init((number - NFT_REG_1.rawValue) * 4)
    case NFT_REG32_00.rawValue...NFT_REG32_15.rawValue: self.init(number - NFT_REG32_00.rawValue)
    default: return nil
    }
  }
}

extension TableFamily {
  /// NFPROTO_*
  var number: UInt8 {
    switch self {
    case .inet: 1
    case .ip: 2
    case .arp: 3
    case .netdev: 5
    case .bridge: 7
    case .ip6: 10
    }
  }

  init?(number: UInt8) {
    switch number {
    case 1: self = .inet
    case 2: self = .ip
    case 3: self = .arp
    case 5: self = .netdev
    case 7: self = .bridge
    case 10: self = .ip6
    default: return nil
    }
  }
}

extension Verdict {
  /// NF_* and NFT_*, as the kernel numbers them.
  var code: Int32 {
    switch self {
    case .drop: 0
    case .accept: 1
    case .proceed: -1
    case .jump: -3
    case .goto: -4
    case .giveBack: -5
    }
  }

  var chain: String? {
    switch self {
    case .jump(let chain), .goto(let chain): chain
    case .drop, .accept, .proceed, .giveBack: nil
    }
  }

  /// nil for a code that has no word here, or lacks the chain that it needs.
  init?(code: Int32, chain: String?) {
    switch (code, chain) {
    case (0, _): self = .drop
    case (1, _): self = .accept
    case (-1, _): self = .proceed
    case (-3, let chain?): self = .jump(chain)
    case (-4, let chain?): self = .goto(chain)
    case (-5, _): self = .giveBack
    default: return nil
    }
  }
}

extension SetDefinition {
  /// The number of a key's type: those of its fields, six bits each.
  static func typeNumber(_ fields: [FieldType]) -> UInt32 { fields.reduce(0) { $0 << 6 | $1.rawValue } }

  /// nil where a field is none that we know, or the lengths do not add up.
  static func fields(typeNumber: UInt32, length: Int) -> [FieldType]? {
    var number = typeNumber
    var fields: [FieldType] = []
    while number != 0 {
      guard let field = FieldType(rawValue: number & 0x3f) else { return nil }
      fields.insert(field, at: 0)
      number >>= 6
    }
    return !fields.isEmpty && self.length(of: fields) == length ? fields : nil
  }
}

/// The type number of a map whose values are verdicts (NFT_DATA_VERDICT).
let verdictType: UInt32 = 0xffff_ff00
