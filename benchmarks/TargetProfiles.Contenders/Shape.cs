using System.Globalization;
using System.Text;

namespace TargetProfiles.Contenders;

/// <summary>What a file of rows is like. The same seed makes the same file.</summary>
internal sealed record Shape(string Name, string Header, Func<Random, int, string> Row, int Files = 1, int RowsPerThousand = 1000)
{
    private static readonly string[] Tiers = ["bronze", "silver", "gold", "platinum"];
    private static readonly string[] Cities = ["Berlin", "São Paulo", "New York", "Zürich", "Kraków", "Paris", "Łódź", "San Francisco", "Rome", "Århus"];
    private static readonly string[] Categories = ["tea & coffee", "wine", "garden tools", "books", "toys"];

    private static readonly Shape[] All =
    [
        new("usual", "thirdPartyId,tier,points,city,store,category,last,newsletter,basket,segment,note", Usual),
        new("plain", "thirdPartyId,a,b,c,d,e,f,g,h,i,j", (random, i) => $"LM-{i:D7},{string.Join(',', Enumerable.Range(0, 10).Select(_ => $"v{random.Next(1_000_000)}"))}"),
        new("columns", "thirdPartyId," + string.Join(',', Enumerable.Range(1, 499).Select(i => $"attribute{i}")), (random, i) => $"LM-{i:D7}," + string.Join(',', Enumerable.Range(1, 499).Select(_ => random.Next(1000).ToString(CultureInfo.InvariantCulture))), RowsPerThousand: 20),
        new("cjk", "thirdPartyId,tier,city,note", (random, i) => $"LM-{i:D7},{Tiers[random.Next(4)]},東京都{random.Next(23)}区,{string.Concat(Enumerable.Repeat("お茶と本", 1 + random.Next(8)))}"),
        new("long", "thirdPartyId,a,b,c", (random, i) => $"LM-{i:D7},{new string((char)('a' + random.Next(26)), 20_000)},{new string('b', 20_000)},{new string('c', 20_000)}", RowsPerThousand: 2),
        new("files", "thirdPartyId,tier,points,city,store,category,last,newsletter,basket,segment,note", Usual, Files: 1000),
    ];

    public static IEnumerable<string> Names => All.Select(shape => shape.Name);

    public static Shape Named(string name) => All.FirstOrDefault(shape => shape.Name == name) ?? throw new ArgumentException($"There is no shape '{name}'.");

    /// <summary>Writes the rows to files, and the very bytes that are to be sent for them.</summary>
    /// <returns>Rows written.</returns>
    public int Write(string folder, int rows)
    {
        var count = Math.Max(Files, (int)((long)rows * RowsPerThousand / 1000));
        var random = new Random(1);
        using var encoded = new StreamWriter(Path.Combine(folder, "encoded.batch"), false, new UTF8Encoding(false), 1 << 20) { NewLine = "\n" };
        encoded.WriteLine($"batch={Header}");
        for (var file = 0; file < Files; file++)
        {
            using var csv = new StreamWriter(Path.Combine(folder, $"rows-{file:D4}.csv"), false, new UTF8Encoding(false), 1 << 20) { NewLine = "\n" };
            csv.WriteLine(Header);
            for (var i = (int)((long)count * file / Files); i < (int)((long)count * (file + 1) / Files); i++)
            {
                var row = Row(random, i);
                csv.WriteLine(row);
                encoded.WriteLine(string.Join(',', row.Split(',').Select(Uri.EscapeDataString)));
            }
        }

        return count;
    }

    private static string Usual(Random random, int i) => string.Create(
        CultureInfo.InvariantCulture,
        $"LM-{i:D7},{Tiers[random.Next(4)]},{random.Next(10_000)},{Cities[random.Next(10)]},Store {random.Next(500)},{Categories[random.Next(5)]},2026-{1 + random.Next(12):D2}-{1 + random.Next(28):D2},{(random.Next(2) == 0 ? "true" : "false")},{random.Next(50_000) / 100.0:F2},seg{random.Next(40)},ok to mail");
}
