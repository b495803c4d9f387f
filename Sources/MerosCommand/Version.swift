/// Which meros this is (semver.org). It is in no fingerprint: a new version rebuilds nothing.
let merosVersion = "0.1.0"
