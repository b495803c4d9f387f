/// The root of the command line.
package struct Meros: Decodable {
  package init() {}
}
