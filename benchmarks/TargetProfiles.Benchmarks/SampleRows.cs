using System.Globalization;
using System.Text;

namespace TargetProfiles.Benchmarks;

/// <summary>CSV as a CRM exports it, the same with every run.</summary>
internal static class SampleRows
{
    /// <summary>Rows with something to encode in each of them.</summary>
    public const string Crm = "crm";

    /// <summary>Rows that leave as they are.</summary>
    public const string Plain = "plain";

    public const int Count = 200_000;

    private static readonly string[] Tiers = ["bronze", "silver", "gold"];
    private static readonly string[] Cities = ["São Paulo", "New York", "Köln", "Oslo", "Paris", "Tokyo"];
    private static readonly string[] PlainCities = ["Berlin", "Hamburg", "Madrid", "Oslo", "Paris", "Tokyo"];

    public static byte[] Of(string kind)
    {
        var isPlain = kind == Plain;
#pragma warning disable CA5394 // makes rows, guards nothing
        var random = new Random(1);
        var text = new StringBuilder("thirdPartyId,tier,points,city,store,category,last,newsletter,basket,segment,note\n");
        for (var row = 0; row < Count; row++)
        {
            var city = (isPlain ? PlainCities : Cities)[random.Next(6)];
            var (store, category, note) = isPlain ? ("Store-", "tea-and-coffee", "ok.to.mail") : ("Store ", "tea & coffee", "ok to mail");
            text.Append(
                CultureInfo.InvariantCulture,
                $"LM-{row:D7},{Tiers[random.Next(3)]},{random.Next(10_000)},{city},{store}{row % 400},{category},2026-{1 + (row % 9):D2}-{10 + (row % 9)},true,{random.NextDouble() * 500:F2},seg{row % 97},{note}\n");
        }
#pragma warning restore CA5394
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
