import CNftnl
import Netlink
import Network

extension SetElement.Value {
  /// Reads what stands in NFTA_DATA_*: a value or a verdict. nil for anything else.
  init?(_ span: RawSpan) {
    var found: SetElement.Value?
    span.forEachAttribute { type, value in
      switch UInt32(type) {
      case UInt32(NFTA_DATA_VALUE.rawValue): found = .data(value.bytes())
      case UInt32(NFTA_DATA_VERDICT.rawValue): found = Verdict(value).map(Self.verdict)
      default: break
      }
    }
    guard let found else { return nil }
    self = found
  }
}

extension Verdict {
  /// Reads NFTA_VERDICT_*; nil for a code without a word here.
  init?(_ span: RawSpan) {
    var code: Int32?
    var chain: String?
    span.forEachAttribute { type, value in
      switch UInt32(type) {
      case UInt32(NFTA_VERDICT_CODE.rawValue): code = value.bigEndian(Int32.self)
      case UInt32(NFTA_VERDICT_CHAIN.rawValue): chain = value.text
      default: break
      }
    }
    guard let code, let verdict = Verdict(code: code, chain: chain) else { return nil }
    self = verdict
  }
}

/// The comment in user data, which is a row of (type, length, value); nil when there is none of this type.
func comment(in userData: RawSpan, type: UInt32) -> String? {
  let bytes = userData.bytes()
  var start = 0
  while start + 2 <= bytes.count {
    let end = start + 2 + Int(bytes[start + 1])
    guard end <= bytes.count else { return nil }
    if UInt32(bytes[start]) == type {
      return String(decoding: bytes[(start + 2)..<end].prefix { $0 != 0 }, as: UTF8.self)
    }
    start = end
  }
  return nil
}
