using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;
using Xunit.Abstractions;

namespace TargetProfiles.Core.Tests;

/// <summary>
/// Random files through the whole of it, CSV, batches, HTTP, the emulator's profiles, against what CsvHelper reads from the
/// same bytes. docs/proofs.md tells how to run it over a million rows.
/// </summary>
public sealed class DifferentialFuzzTests(ITestOutputHelper output)
{
    private const int RowsOfAFile = 10_000;

    [Fact]
    public void Random_rows_arrive_as_another_reader_reads_them()
    {
        var rows = Setting("TARGET_PROOF_ROWS", 20_000);
        var seed = Setting("TARGET_PROOF_SEED", 1);
        var total = new Outcome();
        for (var done = 0; done < rows; done += RowsOfAFile, seed++)
            total += SendAndCompare(seed, Math.Min(RowsOfAFile, rows - done));
        output.WriteLine($"{total.Read:N0} rows, {total.Values:N0} values compared, {total.Rejected:N0} rows rejected, {total.Empty:N0} empty");
        Assert.Equal(rows, total.Read);
        Assert.InRange(total.Rejected, 1, rows / 10);
    }

    private static Outcome SendAndCompare(int seed, int rows)
    {
        var csv = new RandomCsv(seed, rows);
        var random = new Random(seed);
        using var wire = new Wire();
        using var run = new Run(wire, new SendOptions
        {
            Csv = new CsvOptions { Delimiter = csv.Delimiter },
            Limits = new BatchLimits(random.Next(200, 2 * RowsOfAFile), random.Next(500_000, 5_000_000)),
            ThrottleLimit = random.Next(1, 5),
        });
        run.SendCsv(csv.Bytes);
        wire.Emulator.ProcessNow();
        using var dump = new StringWriter();
        wire.Emulator.WriteProfiles(dump);
        var profiles = Profiles(dump.ToString());

        var expected = new Outcome();
        foreach (var (number, id, values) in ByCsvHelper(csv))
        {
            expected = expected with { Read = expected.Read + 1 };
            var sent = values.Where(pair => !string.IsNullOrWhiteSpace(pair.Value)).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
            profiles.Remove(id, out var stored);
            if (sent.Any(pair => pair.Value.Contains('\uFFFD')) || sent.Sum(pair => Encoding.UTF8.GetByteCount(pair.Value)) + Encoding.UTF8.GetByteCount(id) > ServiceLimits.MaxProfileBytes)
            {
                expected = expected with { Rejected = expected.Rejected + 1 };
                Same([], stored, "is rejected");
            }
            else
            {
                expected = expected with { Empty = expected.Empty + (sent.Count == 0 ? 1 : 0), Values = expected.Values + sent.Count };
                Same(sent, stored, "arrives as it is");
            }

            void Same(List<KeyValuePair<string, string>> one, List<KeyValuePair<string, string>>? other, string what)
            {
                if (!one.SequenceEqual(other ?? []))
                    Assert.Fail($"TARGET_PROOF_SEED={seed}, row {number} {what}: CsvHelper read {Shown(one)}, the profile holds {Shown(other ?? [])}");
            }
        }

        if (profiles.Count > 0)
            Assert.Fail($"TARGET_PROOF_SEED={seed}: profiles that no row made: {Shown(profiles.First().Value)}");
        Assert.True(run.Accounting.IsBalanced, $"TARGET_PROOF_SEED={seed}: {run.Accounting}");
        Assert.Equal(
            ($"seed {seed}", expected.Read, expected.Rejected, expected.Empty, expected.Read - expected.Rejected - expected.Empty),
            ($"seed {seed}", run.Accounting.Read, run.Accounting.Rejected, run.Accounting.Empty, run.Accounting.Accepted));
        return expected;
    }

    private static IEnumerable<(int Number, string Id, IEnumerable<KeyValuePair<string, string>> Values)> ByCsvHelper(RandomCsv csv)
    {
        var settings = new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = csv.Delimiter.ToString(), HasHeaderRecord = false, BadDataFound = null };
        using var parser = new CsvParser(new StreamReader(new MemoryStream(csv.Bytes), csv.Encoding), settings);
        Assert.True(parser.Read());
        var header = parser.Record!;
        var idColumn = Array.FindIndex(header, name => name.EndsWith("PartyId", StringComparison.OrdinalIgnoreCase));
        for (var number = 1; parser.Read(); number++)
        {
            var record = parser.Record!;
            yield return (number, record[idColumn], header.Zip(record, KeyValuePair.Create).Where((_, column) => column != idColumn));
        }
    }

    private static Dictionary<string, List<KeyValuePair<string, string>>> Profiles(string dump)
    {
        var profiles = new Dictionary<string, List<KeyValuePair<string, string>>>(StringComparer.Ordinal);
        foreach (var line in dump.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var profile = JsonDocument.Parse(line);
            var attributes = profile.RootElement.GetProperty("attributes").EnumerateObject().Select(attribute => KeyValuePair.Create(attribute.Name, attribute.Value.GetString()!));
            profiles.Add(profile.RootElement.GetProperty("thirdPartyId").GetString()!, [.. attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal)]);
        }

        return profiles;
    }

    private static string Shown(IEnumerable<KeyValuePair<string, string>> values) =>
        JsonSerializer.Serialize(values.Select(pair => new[] { pair.Key, pair.Value.Length > 400 ? pair.Value[..400] + "..." : pair.Value }));

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : otherwise;

    private sealed record Outcome(int Read = 0, int Rejected = 0, int Empty = 0, int Values = 0)
    {
        public static Outcome operator +(Outcome one, Outcome other) =>
            new(one.Read + other.Read, one.Rejected + other.Rejected, one.Empty + other.Empty, one.Values + other.Values);
    }
}
