import Crypto

/// SHA-256 in lower-case hexadecimal.
package func digest(of bytes: some Collection<UInt8>) -> String {
  SHA256.hash(data: Array(bytes)).map { byte in
    byte < 16 ? "0" + String(byte, radix: 16) : String(byte, radix: 16)
  }.joined()
}

/// The digest of a value's canonical text.
func digest(ofValue value: Any) -> String { digest(of: canonicalText(of: value).utf8) }
