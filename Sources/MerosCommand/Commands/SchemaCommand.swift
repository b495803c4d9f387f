import ArgumentParser
import Manifest

struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print a JSON Schema of manifests, for editors. Needs no privileges.",
    discussion: """
      An editor that knows YAML completes and checks keys when a manifest begins with
        # yaml-language-server: $schema=constellation.schema.json

      Examples:
        meros schema > lab/constellation.schema.json
        meros schema | check-jsonschema --schemafile /dev/stdin lab/constellation.yml
      """)

  @OptionGroup var common: CommonOptions

  func run() async throws { common.console().print(SchemaView(Manifest.schema).text) }
}
