import Network

/// A comparison with a constant of a rule, as far as it may tell VMs apart.
struct RuleTest: Hashable {
  private var mask: FieldValue
  private var comparison: Comparison
  private var constant: FieldValue

  /// Each of them once, in an order that is the same for the same tables.
  static func all(of tables: [Table]) -> [RuleTest] {
    var tests: Set<RuleTest> = []
    for table in tables {
      for rule in table.chains.values.flatMap(\.rules) {
        var mask: [UInt8]?
        for expression in rule.expressions {
          switch expression {
          case .mask(_, _, let bytes, _): mask = bytes
          case .compare(_, let comparison, let constant):
            guard !constant.isEmpty, constant.count <= 16 else { continue }
            let value = FieldValue(constant)
            let own = mask.flatMap { $0.count == constant.count ? FieldValue($0) : nil }
            tests.insert(RuleTest(mask: own ?? value.mask, comparison: comparison, constant: value))
          default: continue
          }
        }
      }
    }
    return tests.sorted { a, b in
      (a.constant.number, a.mask.number, a.comparison.rawValue) < (
        b.constant.number, b.mask.number, b.comparison.rawValue
      )
    }
  }

  func holds(for value: FieldValue) -> Bool {
    guard let beginning = value.prefix(comparison.isOfEquality ? mask : constant.mask) else { return false }
    return switch comparison {
    case .equal, .notEqual: beginning == constant.number
    case .less, .greaterOrEqual: beginning < constant.number
    case .lessOrEqual, .greater: beginning <= constant.number
    }
  }
}

extension Comparison {
  fileprivate var isOfEquality: Bool { self == .equal || self == .notEqual }
}
