using System.Text;

namespace TargetProfiles.Rows;

/// <content>What stands before the first row: a separator line, comments, and the names of the columns.</content>
internal sealed partial class CsvReader
{
    /// <summary>Spreadsheets' <c>sep=;</c> first line, which is not data.</summary>
    private char? SeparatorLine()
    {
        while (_end < 16 && !_endOfStream)
            Fill();
        var line = _buffer.AsSpan(0, _end);
        var quoted = !line.IsEmpty && line[0] == '"';
        if (quoted)
            line = line.Slice(1);
        if (line.Length < 5 || !line.StartsWith("sep="u8) || line[4] is >= 0x80 or (byte)'"' or (byte)'\r' or (byte)'\n')
            return null;
        var separator = (char)line[4];
        line = line.Slice(5);
        if (quoted && !line.IsEmpty && line[0] == '"')
            line = line.Slice(1);
        if (line.IsEmpty || line[0] is not ((byte)'\r' or (byte)'\n'))
            return null;
        _position = _end - line.Length + (line.StartsWith("\r\n"u8) ? 2 : 1);
        LineNumber = 2;
        return separator;
    }

    /// <summary>The first record that is no comment, as Import-Csv takes it.</summary>
    private List<string> HeaderLine()
    {
        while (Tokenize())
        {
            if (Fault is not null)
            {
                throw new CsvFormatException(
                    $"{_source}, line {LineNumber}, column {FaultColumn}: the header cannot be read. {Fault.Requirement}");
            }

            if (_tokenizer.IsBlank)
                continue;
            var names = new List<string>(_tokenizer.FieldCount);
            for (var i = 0; i < _tokenizer.FieldCount; i++)
                names.Add(Decode(_tokenizer.Field(_buffer, i)));
            HeaderText = Decode(RawRecord);
            if (!names[0].StartsWith("#", StringComparison.Ordinal))
                return names;
            const string ExtendedLogFields = "#Fields: ";
            if (names[0].StartsWith(ExtendedLogFields, StringComparison.Ordinal))
            {
                names[0] = names[0].Substring(ExtendedLogFields.Length);
                HeaderText = HeaderText.Substring(HeaderText.IndexOf(ExtendedLogFields, StringComparison.Ordinal) + ExtendedLogFields.Length);
                return names;
            }
        }

        return [];
    }

    private static string Decode(ReadOnlySpan<byte> utf8)
    {
#if NET
        return Encoding.UTF8.GetString(utf8);
#else
        return Encoding.UTF8.GetString(utf8.ToArray());
#endif
    }
}
