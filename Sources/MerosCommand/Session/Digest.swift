import Crypto
import Network

/// SHA-256 in lower-case hexadecimal.
package func digest(of bytes: some Collection<UInt8>) -> String {
  hexadecimal(SHA256.hash(data: Array(bytes)))
}

/// The digest of a value's canonical text.
func digest(ofValue value: Any) -> String { digest(of: canonicalText(of: value).utf8) }
