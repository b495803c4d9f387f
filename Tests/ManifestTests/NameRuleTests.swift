import Diagnostics
import Manifest
import Testing

@Suite struct NameRuleTests {
  @Test(
    arguments: [
      ("lab", nil), ("l", nil), ("a-1", nil), (String(repeating: "a", count: 31), nil),
      (String(repeating: "a", count: 32), "has 32 characters, more than 31 (choose a shorter one)"),
      ("My Lab", "has characters other than a-z, 0-9 and - (write my-lab)"),
      ("1lab", "begins with 1 (begin with a letter of a-z)"),
      ("-lab", "begins with - (begin with a letter)"), ("lab-", "ends with - (end with a letter or a digit)"),
      ("läb", "has characters other than a-z, 0-9 and - (use at most 31 of a-z, 0-9 and -)"),
    ] as [(String, String?)])
  func constellationsAreCalledByTheRule(name: String, fault: String?) {
    #expect(
      findings("name: '\(name)'") == (fault.map { ["1:7 error: the name \(name) of a constellation \($0)"] } ?? []))
  }

  @Test func theNameOfTheDirectoryHoldsWhereNoneIsWritten() throws {
    #expect(try read("bridges: {}", directoryName: "shop").name.value == "shop")
    #expect(
      findings("bridges: {}", directoryName: "My Lab") == [
        "1:1 error: the name My Lab of a constellation has characters other than a-z, 0-9 and -; it is that of the directory (give the constellation a name of its own: name: lab)"
      ])
  }

  @Test(
    arguments: [
      ("web", nil), ("10", nil), (String(repeating: "a", count: 63), nil),
      (String(repeating: "a", count: 64), "has 64 characters, more than 63 (choose a shorter one)"),
      ("web_01", "has characters other than a-z, 0-9 and - (write web-01)"),
      ("Web", "has characters other than a-z, 0-9 and - (write web)"),
      ("-web", "begins with - (begin with a letter)"), ("world", "means something else in flows (choose another)"),
      ("host", "means something else in flows (choose another)"),
      ("localhost", "means something else in flows (choose another)"),
      ("a/../b", "has characters other than a-z, 0-9 and - (use at most 63 of a-z, 0-9 and -)"),
    ] as [(String, String?)])
  func virtualMachinesAreCalledAsHostsAre(name: String, fault: String?) {
    #expect(
      findings("virtual_machines: {'\(name)': {}}")
        == (fault.map { ["1:20 error: the name \(name) of a virtual machine \($0)"] } ?? []))
  }

  @Test(
    arguments: [
      ("lan", nil), ("Lab_br-1", nil), (String(repeating: "a", count: 63), nil),
      (String(repeating: "a", count: 64), "has 64 characters, more than 63 (choose a shorter one)"),
      ("a.b", "has characters other than A-Z, a-z, 0-9, _ and - (write a-b)"),
      ("-a", "begins with - (begin with a letter)"),
    ] as [(String, String?)])
  func bridgesAreCalledByTheRule(name: String, fault: String?) {
    #expect(
      findings("bridges: {'\(name)': {subnet: 10.0.0.1/24}}")
        == (fault.map { ["1:11 error: the name \(name) of a bridge \($0)"] } ?? []))
  }

  @Test func emptyNamesAreRefused() {
    #expect(
      findings(
        "bridges: {'': {subnet: 10.0.0.1/24}}\nvirtual_machines: {'': {}}\nkernels: {'': {source: distribution}}") == [
          "1:11 error: a bridge needs a name (use at most 63 of A-Z, a-z, 0-9, _ and -)",
          "2:20 error: a virtual machine needs a name (use at most 63 of a-z, 0-9 and -)",
          "3:11 error: a kernel needs a name (use at most 63 of A-Z, a-z, 0-9, _, . and -)",
        ])
  }

  @Test func anOwnersBridgeIsCalledAsItsLink() {
    #expect(
      findings("bridges: {averylongbridgename: {auto_create: false}}") == [
        "1:11 error: no link can be called averylongbridgename (with auto_create: false the bridge's name is the link's name, at most 15 characters)"
      ])
  }

  @Test func labelsBeginWithNoHyphen() {
    #expect(
      findings(lab(network: "label: -x")) == [
        "5:37 error: the name -x of a network begins with - (begin with a letter)"
      ])
  }
}
