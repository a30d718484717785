namespace TargetProfiles.Core.Tests;

/// <summary>For tests that count what the process allocates: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
