using Xunit;

namespace TargetProfiles.Module.Tests;

/// <summary>Like <see cref="PesterTests"/>, what is read and installed: help, a session, completion, metadata, samples, the package.</summary>
public sealed class PublishedModuleTests(PublishedModuleTests.Session session) : IClassFixture<PublishedModuleTests.Session>
{
    internal static readonly string[] Names = ["Contract.Tests.ps1", "Discovery.Tests.ps1", "FirstTenMinutes.Tests.ps1", "Help.Tests.ps1", "Package.Tests.ps1", "Samples.Tests.ps1"];

    public static TheoryData<string> Files => [.. Names];

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public Task Passes(string file) => session.PassesAsync(file);

    public sealed class Session() : PesterRun(Names);
}
