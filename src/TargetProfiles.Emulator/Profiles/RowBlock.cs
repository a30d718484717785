using TargetProfiles.Emulator.Http;

namespace TargetProfiles.Emulator.Profiles;

/// <summary>The rows of one processed batch: its bytes, its attribute names, and how a field is decoded.</summary>
internal sealed class RowBlock(byte[] bytes, string[] names, bool decodeFields, bool plusIsSpace, bool pending, DateTimeOffset appliedAt)
{
    public DateTimeOffset AppliedAt { get; } = appliedAt;

    /// <summary>Whether these rows count as pending until the next mbox call.</summary>
    public bool Pending { get; } = pending;

    /// <summary>Adds the non-empty fields of a row; offset and length name the part behind the id.</summary>
    public void AddRow(int offset, int length, Dictionary<string, AttributeValue> attributes)
    {
        int end = offset + length;
        int start = offset;
        for (int column = 0; column < names.Length && start <= end; column++)
        {
            int comma = start < end ? bytes.AsSpan(start, end - start).IndexOf((byte)',') : -1;
            int fieldEnd = comma < 0 ? end : start + comma;
            if (fieldEnd > start && names[column].Length > 0)
            {
                string value = FieldText(start, fieldEnd - start);
                attributes[names[column]] = new AttributeValue(value, AppliedAt, Pending);
            }

            start = fieldEnd + 1;
        }
    }

    public string FieldText(int offset, int length) => decodeFields
        ? PercentText.Decode(bytes, offset, length, plusIsSpace)
        : System.Text.Encoding.UTF8.GetString(bytes, offset, length);
}
