using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace TargetProfiles.Sending.Journal;

/// <summary>
/// A line of a journal: a JSON object whose last two members are <c>durable</c>, the bytes of the file that were certainly on
/// the disk before, and <c>check</c>, the first 16 hexadecimal digits of the SHA-256 of everything before it.
/// </summary>
internal static class JournalLine
{
    private const int CheckLength = 16;

    private static readonly byte[] CheckStart = Encoding.ASCII.GetBytes(",\"check\":\"");
    private static readonly byte[] CheckEnd = Encoding.ASCII.GetBytes("\"}");

    /// <summary>A record as a line, with its line end.</summary>
    public static byte[] Of(JournalRecord record, long durable)
    {
        using var line = new MemoryStream();
        using (var writer = new Utf8JsonWriter(line))
        {
            writer.WriteStartObject();
            writer.WriteString("type", record.Type);
            record.Write(writer);
            writer.WriteNumber("durable", durable);
            writer.WriteEndObject();
        }

        line.SetLength(line.Length - 1);
        var check = Check(line.GetBuffer(), 0, (int)line.Length);
        line.Position = line.Length;
        Append(CheckStart);
        Append(Encoding.ASCII.GetBytes(check));
        Append(CheckEnd);
        line.WriteByte((byte)'\n');
        return line.ToArray();

        void Append(byte[] bytes) => line.Write(bytes, 0, bytes.Length);
    }

    /// <summary>Reads a line without its line end.</summary>
    /// <returns>False if the line is not whole.</returns>
    public static bool TryRead(byte[] text, int start, int length, out JsonElement record)
    {
        record = default;
        var tail = CheckStart.Length + CheckLength + CheckEnd.Length;
        var checkedLength = length - tail;
        if (checkedLength <= 0)
            return false;
        var line = text.AsSpan(start, length);
        if (!line.Slice(checkedLength, CheckStart.Length).SequenceEqual(CheckStart) || !line.EndsWith(CheckEnd))
            return false;
        var check = Encoding.ASCII.GetString(text, start + checkedLength + CheckStart.Length, CheckLength);
        if (check != Check(text, start, checkedLength))
            return false;
        try
        {
            using var document = JsonDocument.Parse(new ReadOnlyMemory<byte>(text, start, length), new JsonDocumentOptions { MaxDepth = 8 });
            record = document.RootElement.Clone();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Check(byte[] bytes, int start, int length)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(bytes, start, length);
        return Hex.Of(sha.GetHashAndReset()).Substring(0, CheckLength);
    }
}
