using System.Text;

namespace TargetProfiles.Core.Tests;

/// <summary>A row as it was written, and what becomes of it by itself.</summary>
internal sealed record WrittenRow(string Id, IReadOnlyDictionary<string, string> Values, bool IsSound);

/// <summary>Random CSV files in which ids come again, with what they mean beside them.</summary>
internal sealed class RandomFiles : IDisposable
{
    private static readonly string[] Pieces = ["a", "é", "😀", "\"", ",", "\n", " x", "%"];
    private readonly Random _random;
    private readonly string _folder = Directory.CreateTempSubdirectory("duplicates").FullName;

    public RandomFiles(int seed, string idPrefix)
    {
        _random = new Random(seed);
        Encoding = _random.Next(3) == 0 ? new UnicodeEncoding(bigEndian: false, byteOrderMark: true) : new UTF8Encoding(_random.Next(2) == 0);
        SkipFooter = _random.Next(3);
        for (var i = _random.Next(1, 4); i > 0; i--)
            Paths.Add(Write(idPrefix));
    }

    public Encoding Encoding { get; }

    public int SkipFooter { get; }

    public List<string> Paths { get; } = [];

    public List<WrittenRow> Rows { get; } = [];

    /// <summary>What is to be sent, in order: each id where its first sound row stands, with the last value of each attribute.</summary>
    public Dictionary<string, Dictionary<string, string>> Merged()
    {
        var merged = new Dictionary<string, Dictionary<string, string>>();
        foreach (var row in Rows.Where(row => row.IsSound && row.Values.Count > 0))
        {
            if (!merged.TryGetValue(row.Id, out var values))
                merged.Add(row.Id, values = []);
            foreach (var value in row.Values)
                values[value.Key] = value.Value;
        }

        return merged;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string idPrefix)
    {
        string[] attributes = [.. new[] { "a", "b", "größe", "d" }.Where(_ => _random.Next(3) > 0)];
        if (attributes.Length == 0)
            attributes = ["a"];
        var idAt = _random.Next(attributes.Length + 1);
        var lineEnd = _random.Next(2) == 0 ? "\n" : "\r\n";
        var text = new StringBuilder(_random.Next(4) == 0 ? $"sep=,{lineEnd}" : "");
        text.Append(Line(attributes, idAt, "thirdPartyId")).Append(lineEnd);
        var rows = _random.Next(40);
        for (var i = 0; i < rows; i++)
        {
            text.Append(Row(attributes, idAt, idPrefix));
            // The last line of a file may have no end.
            if (i < rows - 1 || SkipFooter > 0 || _random.Next(2) == 0)
                text.Append(_random.Next(10) == 0 ? lineEnd + lineEnd : lineEnd);
        }

        for (var i = 0; i < SkipFooter; i++)
            text.Append("Total,").Append(rows).Append(lineEnd);
        var path = Path.Combine(_folder, $"rows-{Paths.Count}.csv");
        File.WriteAllText(path, text.ToString(), Encoding);
        return path;
    }

    private string Row(string[] attributes, int idAt, string idPrefix)
    {
        var id = _random.Next(12) switch { 0 => "", 1 => "a+b", _ => $"{idPrefix}{_random.Next(12)}" };
        string[] values = [.. attributes.Select(_ => Value())];
        var isSurplus = _random.Next(10) == 0;
        if (_random.Next(8) == 0)
            values = [.. values.Select(_ => " ")];
        var isDamaged = _random.Next(12) == 0;
        if (isDamaged)
            values[_random.Next(values.Length)] = "x\uFFFDy";
        Rows.Add(new WrittenRow(
            id,
            attributes.Zip(values).Where(pair => !string.IsNullOrWhiteSpace(pair.Second)).ToDictionary(pair => pair.First, pair => pair.Second),
            id.StartsWith(idPrefix, StringComparison.Ordinal) && !isSurplus && !isDamaged));
        return Line([.. values.Select(Quoted)], idAt, _random.Next(2) == 0 ? id : Quoted(id)) + (isSurplus ? ",surplus" : "");
    }

    private string Value() => _random.Next(3) == 0 ? "" : string.Concat(Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Pieces[_random.Next(Pieces.Length)]));

    private static string Line(string[] others, int idAt, string id) => string.Join(',', [.. others[..idAt], id, .. others[idAt..]]);

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"")}\"";
}
