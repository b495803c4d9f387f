import Diagnostics
import YAML

extension KernelSpec {
  private static let keys = Section.Keys(schema)

  private enum Word: String, CaseIterable {
    case git, distribution, file
  }

  init(_ entry: YAMLMapping.Entry, _ faults: inout Diagnostics) {
    name = Located(entry.key, at: entry.keyLocation)
    source = .distribution(nil)
    NameForm.kernel.check(name, &faults)
    guard let section = Section(entry.value, at: entry.keyLocation, Self.keys, &faults) else { return }
    guard let word = section.required("source", Form<Word>.word, &faults) else { return }
    let path = section.value("path", .argument("a path", like: "./bzImage"), &faults)
    let url = section.value("url", .argument("a URL or a path", like: "https://example.org/linux.git"), &faults)
    let ref = section.value("ref", .word("a branch, a tag or a commit", like: "master"), else: "master", &faults)
    let config = section.list("config", .argument("a path", like: "kernel/extra.config"), &faults)
    let others: [String]
    switch word.value {
    case .git:
      source = .git(url: url, ref: ref, config: config)
      others = ["path"] + DistributionSpec.keys
    case .distribution:
      let distribution = section.value("distribution", Form<DistributionSpec.Distribution>.word, &faults)
      if distribution != nil {
        source = .distribution(DistributionSpec(section, distribution, &faults))
        others = ["path", "url", "ref", "config"]
      } else {
        others = ["path", "url", "ref", "config"] + DistributionSpec.keys.dropFirst()
      }
    case .file:
      others = ["url", "ref", "config"] + DistributionSpec.keys
      if let path {
        source = .file(path)
      } else if section["path"] == nil {
        faults.error("path is missing", at: section.location, remedy: "write path: ./bzImage")
      }
    }
    for key in others where section[key] != nil {
      let isLost = word.value == .distribution && DistributionSpec.keys.contains(key)
      faults.error(
        "\(key) means nothing with source: \(word.value.rawValue)", at: section.location(of: key),
        remedy: isLost ? "write distribution: too" : "leave it out, or write another source")
    }
  }
}

extension KernelChoice {
  /// A path is what has a slash in it.
  static let form = Form.read("the name of a kernel or a path", like: "mainline or ./bzImage") {
    text -> KernelChoice? in
    guard let text = Form<String>.argument("", like: "").parse(YAMLScalar(text, isPlain: true)) else { return nil }
    return text.contains("/") ? .file(text) : .named(text)
  }
}
