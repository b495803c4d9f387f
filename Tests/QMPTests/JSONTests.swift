import QMP
import Testing

@Suite struct JSONTests {
  @Test(arguments: [
    "null", "true", "[1,-2,3]", #"{"a":{"b":[]},"c":"d"}"#, "1.5", #""tab\tquote\"end\\""#, #""\u0001""#, "[]", "{}",
  ])
  func whatIsWrittenReadsAsItWas(text: String) {
    #expect(JSON(parsing: text)?.description == text)
  }

  @Test func escapesBeyondTheFirstPlaneAreOneCharacter() {
    #expect(JSON(parsing: #""\ud83d\ude00\u00e9\/""#) == .string("😀é/"))
  }

  @Test func spaceBetweenTokensDoesNotMatter() {
    #expect(JSON(parsing: " { \"a\" : [ 1 , 2 ] }\r\n") == ["a": .array([.integer(1), .integer(2)])])
  }

  @Test(arguments: [
    "", "{", "{\"a\"}", "nul", "01", "+1", "1.", "--1", "\"open", "\"\\x\"", "\"\\ud83d\"", "1 2", "\"\n\"",
    "{1:2}",
    ".5", "\"\\u+123\"",
  ])
  func whatIsNotJSONIsRefused(text: String) {
    #expect(JSON(parsing: text) == nil)
  }

  @Test func whatIsNestedTooDeepIsRefused() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(JSON(parsing: deep) == nil)
  }

  @Test func largeNumbersKeepTheirSize() {
    #expect(JSON(parsing: "9223372036854775807") == .integer(.max))
    #expect(JSON(parsing: "1.5e300") == .number(1.5e300))
  }
}
