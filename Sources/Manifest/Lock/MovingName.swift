import Diagnostics

/// A name in a manifest that may stand for something else tomorrow.
package enum MovingName: Hashable, Sendable {
  /// A branch or tag of a git repository; URL or path and name as they were written.
  case commit(repository: String, ref: String)

  /// Where the lock file keeps what it stands for.
  package var key: LockFile.Key {
    switch self {
    case .commit(let repository, let ref): LockFile.Key(.kernels, "\(repository) \(ref)")
    }
  }
}

extension Manifest {
  /// Every name that is to be looked up, each once, in the order of the manifest.
  package var movingNames: [MovingName] {
    var known: Set<MovingName> = []
    return kernels.compactMap(\.source.movingName).filter { known.insert($0).inserted }
  }
}

extension KernelSpec.Source {
  /// nil for what never moves.
  package var movingName: MovingName? {
    guard case .git(let url, let ref, _) = self, !isCommit(ref.value) else { return nil }
    return .commit(repository: url?.value ?? KernelSpec.usualRepository, ref: ref.value)
  }
}
