/// As much of a comment as nft keeps, which is 127 bytes of whole characters: what is longer would come back shorter
/// and never be equal to what was meant.
func fittingComment(_ text: String) -> String {
  if text.utf8.count <= 127, !text.utf8.contains(0) { return text }
  var (fitting, count) = ("", 0)
  for character in text {
    count += character.utf8.count
    guard count <= 127, character != "\0" else { break }
    fitting.append(character)
  }
  return fitting
}
