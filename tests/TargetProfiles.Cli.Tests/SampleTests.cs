using System.Globalization;
using CsvHelper;

namespace TargetProfiles.Cli.Tests;

/// <summary>The main job on the samples.</summary>
public sealed class SampleTests : Sending
{
    private static string Members => Path.Combine(CommandLine.Samples, "loyalty-members.csv");

    private static string WithMistakes => Path.Combine(CommandLine.Samples, "loyalty-members-with-mistakes.csv");

    [Fact]
    public async Task Every_attribute_of_every_row_arrives()
    {
        var result = await SendAsync(Members, "--max-batch-rows", "3000", "--wait");

        Assert.Equal((0, ""), (result.ExitCode, string.Join('\n', ErrorLines(result))));
        Assert.Contains("Balanced: 10,000 read = 10,000 accepted.", result.Output, StringComparison.Ordinal);
        Assert.Equal(Expected(Members), Emulator.Profiles.ToDictionary(profile => profile.ThirdPartyId!, profile => Text(profile.Attributes)));
    }

    [Fact]
    public async Task The_embedded_emulator_shows_the_whole_way()
    {
        var result = await CommandLine.RunAsync("send", Members, "--emulator");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Balanced: 10,000 read = 10,000 accepted.", result.Output, StringComparison.Ordinal);
        Assert.Contains("Sample: 25 of 25 rows fetched back", result.Output, StringComparison.Ordinal);
        Assert.Contains("The emulator now has 10,000 profiles.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_mistake_is_named_and_the_rest_arrives()
    {
        var result = await CommandLine.RunAsync("send", WithMistakes, "--emulator");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Balanced: 200 read = 191 accepted + 9 rejected.", result.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["row 12 (line 13) id.missing", "row 35 (line 36) id.forbidden-character", "row 59 (line 60) id.too-long", "row 80 (line 81) csv.surplus-field",
                "row 103 (line 104) csv.text-after-quote", "row 128 (line 129) text.damaged", "row 151 (line 152) id.control-character",
                "row 172 (line 173) id.forbidden-character", "row 189 (line 190) csv.open-quote"],
            ErrorLines(result).Select(line => $"{line[line.IndexOf("row ", StringComparison.Ordinal)..(line.IndexOf(')') + 1)]} {line[(line.LastIndexOf('[') + 1)..^1]}"));
    }

    [Fact]
    public async Task The_json_document_holds_it_all_and_balances()
    {
        var result = await CommandLine.RunAsync("send", WithMistakes, "--emulator", "--json");
        var document = result.Json();

        var accounting = document.GetProperty("accounting");
        var sum = new[] { "accepted", "rejected", "empty", "merged", "refused", "uncertain", "notSent", "otherShard" }.Sum(name => accounting.GetProperty(name).GetInt64());
        Assert.Equal(accounting.GetProperty("read").GetInt64(), sum);
        Assert.True(accounting.GetProperty("isBalanced").GetBoolean());
        Assert.Equal((1, result.ExitCode), (document.GetProperty("exitCode").GetInt32(), result.ExitCode));
        Assert.Equal(9, document.GetProperty("rejectedRows").GetArrayLength());
        Assert.Equal("complete", document.GetProperty("statuses")[0].GetProperty("state").GetString());
        Assert.Equal(document.GetProperty("batches")[0].GetProperty("batchId").GetString(), document.GetProperty("statuses")[0].GetProperty("batchId").GetString());
        Assert.Equal(25, document.GetProperty("sample").GetProperty("match").GetInt32());
        Assert.Equal(191, document.GetProperty("emulatorProfiles").GetInt32());
    }

    private static IEnumerable<string> ErrorLines(CommandResult result) =>
        result.Error.Split('\n').Where(line => line.StartsWith("error: ", StringComparison.Ordinal)).Select(line => line.TrimEnd());

    private static Dictionary<string, string> Expected(string path)
    {
        using var reader = new CsvReader(new StreamReader(path), CultureInfo.InvariantCulture);
        reader.Read();
        reader.ReadHeader();
        var profiles = new Dictionary<string, string>();
        while (reader.Read())
        {
            var attributes = reader.HeaderRecord!.Skip(1).Select(name => KeyValuePair.Create(name, reader[name]!)).Where(attribute => attribute.Value.Length > 0);
            profiles.Add(reader["thirdPartyId"]!, Text(attributes));
        }

        return profiles;
    }

    private static string Text(IEnumerable<KeyValuePair<string, string>> attributes) =>
        string.Join('\n', attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal).Select(attribute => $"{attribute.Key}={attribute.Value}"));
}
