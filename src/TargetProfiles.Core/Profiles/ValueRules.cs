using TargetProfiles.Rows;

namespace TargetProfiles.Profiles;

/// <summary>What is worth a warning in a value. One instance sees all rows, since a column tells what its values should be.</summary>
internal sealed class ValueRules(RuleSet rules)
{
    private readonly bool _checksLength = rules.Applies(RowRule.ValueLong);
    private readonly bool _checksComma = rules.Applies(RowRule.ValueComma);
    private readonly bool _checksDecimalComma = rules.Applies(RowRule.ValueDecimalComma);
    private readonly bool _checksPersonalData = rules.Applies(RowRule.ValuePersonalData);

    /// <summary>By ordinal: true once a value was seen that is no number, however written.</summary>
    private bool[] _hasText = new bool[64];

    public void Check(Column column, ReadOnlySpan<byte> text, List<(RowRule Rule, string Column)> warnings)
    {
        if (_checksLength && text.Length > ServiceLimits.UsualValueLength && Utf8Text.Length(text) > ServiceLimits.UsualValueLength)
            warnings.Add((RowRule.ValueLong, column.Name));
        if (_checksPersonalData && PersonalData.IsIn(text))
            warnings.Add((RowRule.ValuePersonalData, column.Name));
        if (_checksComma && text.IndexOf((byte)',') >= 0)
            warnings.Add((RowRule.ValueComma, column.Name));
        if (_checksDecimalComma && IsDecimalCommaInNumbers(column.Ordinal, text))
            warnings.Add((RowRule.ValueDecimalComma, column.Name));
    }

    /// <summary>True if values of the column must be held against numbers still.</summary>
    public bool MayBeNumbers(int ordinal) => _checksDecimalComma && (ordinal >= _hasText.Length || !_hasText[ordinal]);

    /// <summary>Takes note of a value without a comma.</summary>
    public void See(int ordinal, ReadOnlySpan<byte> text) => IsDecimalCommaInNumbers(ordinal, text);

    /// <summary>True if no rule but that of decimal commas has anything to say about a value.</summary>
    public bool IsQuiet(ReadOnlySpan<byte> text) =>
        !(_checksLength && text.Length > ServiceLimits.UsualValueLength)
        && !(_checksPersonalData && PersonalData.IsIn(text))
        && text.IndexOf((byte)',') < 0;

    private bool IsDecimalCommaInNumbers(int ordinal, ReadOnlySpan<byte> text)
    {
        if (ordinal >= _hasText.Length)
            Array.Resize(ref _hasText, ordinal * 2);
        if (_hasText[ordinal])
            return false;
        var mark = 0;
        for (var i = text[0] == '-' ? 1 : 0; i < text.Length; i++)
        {
            if (text[i] is >= (byte)'0' and <= (byte)'9')
                continue;
            if (mark != 0 || text[i] is not ((byte)'.' or (byte)',') || i + 1 == text.Length)
            {
                _hasText[ordinal] = true;
                return false;
            }

            mark = text[i];
        }

        return mark == ',';
    }
}
