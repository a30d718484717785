using System.Text;

namespace TargetProfiles.Rows;

/// <summary>Texts as the fields of one CSV record, quoted just where reading would change them otherwise.</summary>
internal static class CsvFields
{
    private const char Comma = ',';

    /// <summary>The record of some fields, without a line end. No fields make an empty one.</summary>
    public static string Join(IReadOnlyList<string> fields) =>
        fields.Count == 1 && fields[0].Length == 0 ? "\"\"" : string.Join(",", fields.Select(field => Quoted(field, Comma)));

    /// <summary>The fields of a record that <see cref="Join"/> made.</summary>
    public static string[] Split(string record)
    {
        var text = Encoding.UTF8.GetBytes(record);
        var tokenizer = new CsvTokenizer((byte)Comma);
        tokenizer.Read(text, 0, endOfText: true);
        return [.. Enumerable.Range(0, tokenizer.FieldCount).Select(index => Encoding.UTF8.GetString(tokenizer.Field(text, index).ToArray()))];
    }

    /// <summary>One field, to stand beside others.</summary>
    public static string Quoted(string field, char delimiter) =>
        field.IndexOfAny([delimiter, '"', '\r', '\n']) >= 0 || field.Trim(' ', '\t').Length < field.Length ? $"\"{field.Replace("\"", "\"\"")}\"" : field;
}
