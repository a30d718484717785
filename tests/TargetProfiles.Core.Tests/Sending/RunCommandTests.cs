using TargetProfiles.Reports;
using TargetProfiles.Sending;
using TargetProfiles.Sending.Journal;

namespace TargetProfiles.Core.Tests;

/// <summary>Commands to paste take rows as the run took them.</summary>
public sealed class RunCommandTests : IDisposable
{
    private readonly JournalRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Usual_settings_need_no_options_but_the_version_which_a_connection_may_have_otherwise() => Assert.Equal(
        ("Send-TargetProfileBatch -LiteralPath /a/x.csv, '/b c/it''s.csv' -ApiVersion V2", "target-profiles send /a/x.csv \"/b c/it's.csv\" --api-version v2"), Texts(new SendOptions(), "/a/x.csv", "/b c/it's.csv"));

    [Fact]
    public void Every_setting_that_decides_what_is_sent_comes_back()
    {
        var options = new SendOptions
        {
            Mapping = new RowMapping
            {
                IdProperty = "crm id",
                IdType = ProfileIdType.PcId,
                Properties = ["a*", "b,c", "say \"x\""],
                ExcludedProperties = ["secret"],
                Renamed = new Dictionary<string, string> { ["Income (k$)"] = "income", ["x,y"] = "z" },
                HashedProperties = ["email", "it’s"],
                NullTexts = ["-", "007"],
                ExcludedRules = ["value.comma"],
                ListSeparator = "; ",
            },
            DuplicateIdAction = DuplicateIdAction.Ignore,
            Csv = new CsvOptions { Delimiter = '\t', Encoding = System.Text.Encoding.Unicode, SkipFooter = 1, Header = ["a", "b"] },
            ApiVersion = ProfileApiVersion.V1,
        };

        var (powerShell, commandLine) = Texts(options, "x.csv");

        Assert.Equal(
            """Send-TargetProfileBatch -LiteralPath x.csv -IdProperty 'crm id' -IdType PcId -Property 'a*', 'b,c', 'say "x"' -ExcludeProperty secret -PropertyMap @{ 'Income (k$)' = 'income'; 'x,y' = 'z' } -HashProperty email, 'it’’s' -NullText '-', '007' -ExcludeRule value.comma -ListSeparator '; ' -DuplicateIdAction Ignore -Delimiter "`t" -ApiVersion V1""",
            powerShell);
        Assert.Equal(
            """target-profiles send x.csv --id-property "crm id" --id-type pcId --property "a*" --property "b,c" --property 'say "x"' --exclude-property secret --property-map 'Income (k$)=income' --property-map "x,y=z" --hash-property email --hash-property "it’s" --null-text="-" --null-text "007" --exclude-rule value.comma --list-separator "; " --duplicate-id-action ignore --delimiter tab --api-version v1""",
            commandLine);
    }

    [Fact]
    public void What_the_journal_cannot_tell_is_a_gap_to_fill()
    {
        var (powerShell, commandLine) = Texts(new SendOptions { Mapping = new RowMapping { Renamed = new Dictionary<string, string> { ["a=b"] = "c" } } }, "x.csv");
        Assert.Equal("Send-TargetProfileBatch -LiteralPath x.csv -PropertyMap <as in the run> -ApiVersion V2", powerShell);
        Assert.Equal("target-profiles send x.csv --property-map <as in the run> --api-version v2", commandLine);
    }

    [Fact]
    public void Report_sends_rejects_and_compares_as_the_run_sent()
    {
        var file = _runs.Write("the crm.csv", "crm,email,secret\nU1,a@b,x\n+,c@d,y\n");
        var mapping = new RowMapping { IdProperty = "crm", HashedProperties = ["email"], ExcludedProperties = ["secret"] };
        using (var run = _runs.Send(_runs.Options(rejects: true, mapping: mapping), file))
            Assert.Equal(1, run.Accounting.Rejected);
        var steps = NextStep.Of(RunHistory.Read(_runs.Journal)).Select(step => step.Command!.PowerShell).ToList();
        Assert.Contains($"Send-TargetProfileBatch -LiteralPath {_runs.Rejected} -IdProperty crm -ExcludeProperty secret -HashProperty email -ApiVersion V2", steps);
        Assert.Contains($"Compare-TargetProfile -LiteralPath '{file}' -SampleSize 100 -JournalPath {_runs.Journal} -IdProperty crm -ExcludeProperty secret -HashProperty email", steps);
    }

    [Fact]
    public void Rejects_of_a_source_with_a_sep_line_are_sent_with_its_delimiter()
    {
        var file = _runs.Write("excel.csv", "sep=;\ncrm;tier\nU1;gold\n+;silver\n");
        using (var run = _runs.Send(_runs.Options(rejects: true, mapping: new RowMapping { IdProperty = "crm" }), file))
            Assert.Equal((1, 1), (run.Accounting.Accepted, run.Accounting.Rejected));
        Assert.Contains(
            $"Send-TargetProfileBatch -LiteralPath {_runs.Rejected} -IdProperty crm -Delimiter ';' -ApiVersion V2",
            NextStep.Of(RunHistory.Read(_runs.Journal)).Select(step => step.Command!.PowerShell));
    }

    private (string PowerShell, string CommandLine) Texts(SendOptions options, params string[] paths)
    {
        var settings = RunSettings.Of(options, _runs.Wire.Connection, options.ApiVersion ?? ProfileApiVersion.V2);
        var command = RunCommand.Send(settings, paths);
        return (command.PowerShell, command.CommandLine);
    }
}
