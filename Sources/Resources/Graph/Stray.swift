/// What lies in a constellation's directory and is not taken as it seems to be meant. Paths are relative to the directory.
package enum Stray: Hashable, Sendable {
  /// It lies where hooks do, and its name is not that of a hook.
  case noHook(String)
  /// A folder where hooks lie.
  case folderOfHooks(String)
  /// A folder like that of a VM, with what is in it ("hooks"), whose name is that of none with files or hooks.
  case nobodys(String, holding: String)
  /// Its name is near to one that means something.
  case misspelt(String, meant: String)
  /// It must be a folder, and is none.
  case noFolder(String)
}
