using Xunit;

namespace TargetProfiles.Module.Tests;

/// <summary>
/// The cmdlets in a real PowerShell; skipped where there is none. There are two classes, of about the same length, because
/// xunit runs what is in one class one after the other.
/// </summary>
public sealed class PesterTests(PesterTests.Session session) : IClassFixture<PesterTests.Session>
{
    private static readonly string[] Names = [.. PesterRun.AllFiles.Except(PublishedModuleTests.Names)];

    public static TheoryData<string> Files => [.. Names];

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public Task Passes(string file) => session.PassesAsync(file);

    public sealed class Session() : PesterRun(Names);
}
