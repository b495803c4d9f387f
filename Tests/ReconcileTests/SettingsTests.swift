// A misspelt feature name in Package.swift is silently ignored; here it is an error.
#if !hasFeature(ExistentialAny)
  #error("ExistentialAny is off")
#endif
#if !hasFeature(InternalImportsByDefault)
  #error("InternalImportsByDefault is off")
#endif
#if !hasFeature(MemberImportVisibility)
  #error("MemberImportVisibility is off")
#endif
#if !hasFeature(ImmutableWeakCaptures)
  #error("ImmutableWeakCaptures is off")
#endif
#if !hasFeature(NonisolatedNonsendingByDefault)
  #error("ApproachableConcurrency is off")
#endif
