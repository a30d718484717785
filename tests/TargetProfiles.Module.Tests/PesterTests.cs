using Xunit;

namespace TargetProfiles.Module.Tests;

/// <summary>
/// The cmdlets in a real PowerShell, a process for each file of tests; skipped where there is no PowerShell. There are two
/// classes, of about the same length, because xunit runs what is in one class one after the other.
/// </summary>
public sealed class PesterTests
{
    public static TheoryData<string> Files => [.. PesterFile.All.Except(PublishedModuleTests.Names)];

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public Task Passes(string file) => PesterFile.RunAsync(file);
}
