using System.Globalization;

namespace TargetProfiles.Emulator.Profiles;

/// <summary>
/// pcIds for profiles that came without one: 32 hex digits and a location hint, shaped like the service's. The number can
/// be read back from the id, so a million of them need no index.
/// </summary>
internal sealed class GeneratedPcId(int seed)
{
    private const string LocationHint = ".28_20";
    private readonly ulong _key = Mix((ulong)(uint)seed + 0x9E3779B97F4A7C15UL);

    /// <summary>The id without its location hint; ids are compared without it.</summary>
    public static string WithoutHint(string pcId)
    {
        int dot = pcId.IndexOf('.');
        return dot < 0 ? pcId : pcId.Substring(0, dot);
    }

    public string Of(int number)
    {
        ulong low = _key ^ (ulong)(uint)number;
        return Mix(low).ToString("x16", CultureInfo.InvariantCulture) + low.ToString("x16", CultureInfo.InvariantCulture) + LocationHint;
    }

    /// <summary>The number of the profile whose generated id this is (without hint), or -1.</summary>
    public int NumberOf(string bareId)
    {
        string lower = bareId.Length == 32 ? bareId.Substring(16) : "";
        if (!ulong.TryParse(lower, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong low))
        {
            return -1;
        }

        ulong number = _key ^ low;
        return number <= int.MaxValue && Of((int)number).StartsWith(bareId, StringComparison.Ordinal) ? (int)number : -1;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
