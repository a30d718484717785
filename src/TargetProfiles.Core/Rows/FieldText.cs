using System.Text;
using TargetProfiles.Profiles;

namespace TargetProfiles.Rows;

/// <summary>What a field stands for before any rule looks at it: nothing, where its text counts as empty, or its hash.</summary>
internal sealed class FieldText(IReadOnlyList<string> nullTexts)
{
    // An array: a list behind an interface costs an enumerator a field.
    private readonly byte[][] _nullTexts = [.. nullTexts.Select(Encoding.UTF8.GetBytes)];

    /// <summary>True if there are texts that count as empty.</summary>
    public bool HasNullTexts => _nullTexts.Length > 0;

    /// <summary>True if a text counts as empty.</summary>
    public bool IsNullText(ReadOnlySpan<byte> text)
    {
        foreach (var nullText in _nullTexts)
        {
            if (text.SequenceEqual(nullText))
                return true;
        }

        return false;
    }

    public ReadOnlySpan<byte> Of(Column column, ReadOnlySpan<byte> text)
    {
        if (IsNullText(text))
            return default;
        // Damaged text must not hide behind its hash.
        return column.IsHashed && !Utf8Text.IsBlank(text) && !Utf8Text.IsDamaged(text) ? HashedText.Of(text) : text;
    }

    public string Of(Column column, string text) => Encoding.UTF8.GetString(Of(column, Encoding.UTF8.GetBytes(text)).ToArray());
}
