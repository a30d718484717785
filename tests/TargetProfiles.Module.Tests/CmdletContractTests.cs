using Xunit;

namespace TargetProfiles.Module.Tests;

public sealed class CmdletContractTests
{
    private static readonly string[] ApprovedVerbs = ["Compare", "Connect", "Disconnect", "Export", "Get", "New", "Send", "Set", "Start", "Stop", "Test"];

    private static readonly string[] ReservedParameters =
    [
        "Confirm", "Debug", "ErrorAction", "ErrorVariable", "InformationAction", "InformationVariable", "OutBuffer", "OutVariable",
        "PipelineVariable", "ProgressAction", "UseTransaction", "Verbose", "WarningAction", "WarningVariable", "WhatIf",
    ];

    /// <summary>Cmdlets that consume nothing from a pipeline: they start or list things.</summary>
    // Of Get-TargetBatchStatus, the set of a whole journal must be the default: what is piped in takes the other one all the same.
    private static readonly string[] WithoutPipelineInput = ["Get-TargetBatchStatus", "Get-TargetConnection", "Get-TargetEmulator", "Start-TargetEmulator"];

    public static TheoryData<string> Frameworks => ["net8.0", "netstandard2.0"];

    [Theory]
    [MemberData(nameof(Frameworks))]
    public void Every_exported_cmdlet_has_a_class_and_every_class_is_exported(string framework)
    {
        var exported = Manifest.Strings("CmdletsToExport");
        Assert.Equal(exported.Order(StringComparer.Ordinal), Cmdlets(framework).Select(cmdlet => cmdlet.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Frameworks))]
    public void Verbs_are_approved_and_nouns_singular_and_prefixed(string framework) => Assert.All(Cmdlets(framework), cmdlet =>
    {
        Assert.Contains(cmdlet.Verb, ApprovedVerbs);
        Assert.StartsWith("Target", cmdlet.Noun);
        Assert.True(!cmdlet.Noun.EndsWith('s') || cmdlet.Noun.EndsWith("Status", StringComparison.Ordinal), cmdlet.Noun);
        Assert.Equal($"{cmdlet.Verb}{cmdlet.Noun}Command", cmdlet.ClassName);
    });

    [Theory]
    [MemberData(nameof(Frameworks))]
    public void Every_cmdlet_says_what_it_writes(string framework) =>
        Assert.All(Cmdlets(framework), cmdlet => Assert.True(cmdlet.OutputTypes > 0, cmdlet.Name));

    [Theory]
    [MemberData(nameof(Frameworks))]
    public void What_changes_the_service_can_be_tried_with_WhatIf(string framework)
    {
        var supporting = Cmdlets(framework).Where(cmdlet => cmdlet.SupportsShouldProcess).Select(cmdlet => cmdlet.Name).Order(StringComparer.Ordinal);
        Assert.Equal(["Export-TargetProfileReport", "New-TargetProfileToken", "Send-TargetProfileBatch", "Set-TargetProfile"], supporting);
    }

    [Theory]
    [MemberData(nameof(Frameworks))]
    public void No_parameter_takes_a_reserved_name(string framework) =>
        Assert.All(Cmdlets(framework), cmdlet => Assert.Empty(cmdlet.Parameters.Select(parameter => parameter.Name).Intersect(ReservedParameters, StringComparer.OrdinalIgnoreCase)));

    [Theory]
    [MemberData(nameof(Frameworks))]
    public void The_default_set_takes_pipeline_input(string framework) => Assert.All(
        Cmdlets(framework).Where(cmdlet => !WithoutPipelineInput.Contains(cmdlet.Name)),
        cmdlet => Assert.Contains(
            cmdlet.Parameters.SelectMany(parameter => parameter.Sets),
            set => (set.Name is null || set.Name == cmdlet.DefaultParameterSet) && (set.FromPipeline || set.FromPipelineByName)));

    [Theory]
    [MemberData(nameof(Frameworks))]
    public void Row_taking_cmdlets_bind_nothing_by_name_but_the_row(string framework) => Assert.All(
        Cmdlets(framework).Where(cmdlet => cmdlet.Parameters.Any(parameter => parameter.Name == "IdProperty")),
        cmdlet => Assert.DoesNotContain(cmdlet.Parameters.SelectMany(parameter => parameter.Sets), set => set.FromPipelineByName));

    private static IReadOnlyList<CmdletMetadata> Cmdlets(string framework) =>
        CmdletMetadata.Of(Path.Combine(Repository.StagedBin(framework), "TargetProfiles.PowerShell.dll"));
}
