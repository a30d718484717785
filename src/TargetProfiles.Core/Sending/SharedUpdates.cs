using System.Text;

namespace TargetProfiles.Sending;

/// <summary>
/// The single updates that the processes of this user sent to one account within 24 hours, by the hour, in a small locked
/// file: Target's limit is the account's (fact 2.3). What other machines sent is not known here.
/// </summary>
/// <param name="path">Where the file stands; null counts this run alone.</param>
/// <param name="clock">Tells the time in UTC; tests turn it by hand.</param>
internal sealed class SharedUpdates(string? path, Func<DateTime> clock)
{
    private const long Marker = 0x31_4450_5541_4754; // "TGAUPD1"
    private const int HoursKept = 24;
    private const int HeaderLength = 12;
    private const int EntryLength = 16;

    /// <summary>Updates by hour that the file does not hold yet.</summary>
    private readonly Dictionary<long, long> _pending = [];

    public static SharedUpdates For(TargetConnection connection) => new(
        AccountFile.PathOf("updates", $"{connection.Endpoint.Authority}/{connection.ClientCode}", connection.Endpoint.IsLoopback),
        () => DateTime.UtcNow);

    /// <summary>Counts updates.</summary>
    /// <returns>Those of the last 24 hours, as far as they are known here.</returns>
    public long Add(long updates)
    {
        var hour = clock().Ticks / TimeSpan.TicksPerHour;
        _pending.TryGetValue(hour, out var before);
        _pending[hour] = before + updates;
        if (path is null)
            return Total(_pending, hour);
        try
        {
            using var file = AccountFile.Open(path);
            var known = Load(file);
            foreach (var pending in _pending)
            {
                known.TryGetValue(pending.Key, out var count);
                known[pending.Key] = count + pending.Value;
            }

            Save(file, known.Where(entry => IsRecent(entry.Key, hour)).ToList());
            _pending.Clear();
            return Total(known, hour);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // Another process has it just now, or there is no place for it. The count is advice: nothing waits for it.
            return Total(_pending, hour);
        }
    }

    private static long Total(Dictionary<long, long> hours, long now) => hours.Where(entry => IsRecent(entry.Key, now)).Sum(entry => entry.Value);

    private static bool IsRecent(long hour, long now) => hour > now - HoursKept && hour <= now;

    private static Dictionary<long, long> Load(FileStream file)
    {
        var hours = new Dictionary<long, long>();
        if (file.Length < HeaderLength || file.Length > HeaderLength + (HoursKept * EntryLength))
            return hours;
        using var reader = new BinaryReader(file, Encoding.ASCII, leaveOpen: true);
        if (reader.ReadInt64() != Marker || file.Length != HeaderLength + ((long)reader.ReadInt32() * EntryLength))
            return hours;
        while (file.Position < file.Length)
            hours[reader.ReadInt64()] = Math.Max(0, reader.ReadInt64());
        return hours;
    }

    private static void Save(FileStream file, List<KeyValuePair<long, long>> hours)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Marker);
        writer.Write(hours.Count);
        foreach (var hour in hours)
        {
            writer.Write(hour.Key);
            writer.Write(hour.Value);
        }

        file.Position = 0;
        file.Write(bytes.GetBuffer(), 0, (int)bytes.Length);
        file.SetLength(bytes.Length);
    }
}
