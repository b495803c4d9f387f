import LinuxHost
import Manifest
import QMP
import SystemPackage
import Testing

@testable import MerosCommand

private let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
private let schemaFile = root.pushing("examples/constellation.schema.json")

/// Debian's validator, which knows nothing of meros: prints a line for each fault of the YAML on stdin.
private let validator = """
  import json, sys, yaml, jsonschema
  schema = json.load(open(sys.argv[1]))
  jsonschema.Draft7Validator.check_schema(schema)
  for fault in jsonschema.Draft7Validator(schema).iter_errors(yaml.safe_load(open(sys.argv[2]))):
      print("/".join(map(str, fault.absolute_path)), fault.message)
  """

private func faults(of manifest: FilePath) async throws -> String {
  let program = Program(
    "/usr/bin/python3", ["-c", validator, schemaFile.string, manifest.string], capturesOutput: true)
  return String(decoding: try await program.run("check \(manifest)").output, as: UTF8.self)
}

private func faults(ofText text: String) async throws -> String {
  let file = FilePath("/tmp/meros-test-\(UInt64.random(in: 0 ... .max)).yml")
  try file.replaceContents(Array(text.utf8))
  defer { try? file.unlink() }
  return try await faults(of: file)
}

@Test func theExamplesHaveTheSchemaOfThisVersion() throws {
  let written = String(decoding: try schemaFile.contents(), as: UTF8.self)
  #expect(written == SchemaView(Manifest.schema).text, "meros schema > examples/constellation.schema.json")
}

@Test(arguments: FileKind.names(in: root.appending("examples")).filter { !$0.contains(".") })
func everyExampleKeepsTheSchema(_ name: String) async throws {
  #expect(try await faults(of: root.appending("examples").appending(name).appending("constellation.yml")) == "")
}

@Test(arguments: Template.allCases)
func everyTemplateKeepsTheSchema(_ template: Template) async throws {
  #expect(try await faults(ofText: template.manifest(TemplateNetwork(for: "lab"))) == "")
}

@Test(arguments: [
  ("bridges: {lan: {subnet: 10.0.0.1/24, policy: nat}}", "bridges/lan"),
  ("bridges: {lan: {policy_type: closed}}", "bridges/lan/policy_type"),
  ("virtual_machines: {web: {cpus: 0}}", "virtual_machines/web/cpus"),
  ("virtual_machines: {web: {networks: [{ip_addr: 10.0.0.2}]}}", "virtual_machines/web/networks/0"),
  ("flows: [{from: web}]", "flows/0"), ("vms: {}", ""),
])
func aMistakeIsFoundAtItsPlace(_ text: String, _ place: String) async throws {
  #expect(try await faults(ofText: text).hasPrefix("\(place) "))
}

@Test(arguments: [
  "virtual_machines: {web: }", "virtual_machines: {web: {kvm: auto, memory: 512, release: 3.20, ready: none}}",
  "virtual_machines: {web: {ready: {tcp: 80, timeout: 5m}, kvm: true, disks: [{label: a.qcow2, size_gb: 2}]}}",
  "forwards: [{host: 80, to: web}]", "flows: [{from: a, to: b, ports: 80}, {from: a, to: b, ports: [53/udp, 80]}]",
])
func whatMerosReadsKeepsTheSchema(_ text: String) async throws {
  #expect(try await faults(ofText: text) == "")
}

@Test func everyKeyIsDescribedWhereverItStands() {
  func check(_ section: SectionSchema) {
    for key in section.keys {
      #expect(key.description.hasSuffix(".") && !key.description.contains("\n"), "\(section.noun): \(key.name)")
      check(key.shape)
    }
  }
  func check(_ shape: SectionSchema.Shape) {
    switch shape {
    case .section(let section): check(section)
    case .list(let shape), .named(let shape): check(shape)
    case .any(let shapes): shapes.forEach(check)
    case .text, .textOrNumber, .number, .boolean, .word: break
    }
  }
  check(Manifest.schema)
}
