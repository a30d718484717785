using System.Collections;
using System.Data;
using System.Management.Automation;
using TargetProfiles.Rows;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Reads the named values of whatever kind of object a row is.</summary>
internal sealed class RowReader
{
    private RowShape? _shape;

    /// <summary>Takes PowerShell's wrapper off a value.</summary>
    public static object? Unwrap(object? value) => value switch
    {
        PSObject { BaseObject: PSCustomObject } custom => custom,
        PSObject wrapped => wrapped.BaseObject,
        _ => value,
    };

    /// <summary>Lists and tables hold rows; anything else is one.</summary>
    public static IEnumerable? RowsWithin(PSObject input) => input.BaseObject switch
    {
        DataTable table => table.Rows,
        DataView view => view,
        string or IDictionary => null,
        IEnumerable rows => rows,
        _ => null,
    };

    public void Read(PSObject input, INamedValues row)
    {
        switch (input.BaseObject)
        {
            case DataRow data:
                Read(data, row);
                break;
            case DataRowView view:
                Read(view.Row, row);
                break;
            case IDictionary entries:
                foreach (DictionaryEntry entry in entries)
                    row.Add(Convert.ToString(Unwrap(entry.Key), System.Globalization.CultureInfo.InvariantCulture) ?? "", Unwrap(entry.Value));
                break;
            case var value when IsSingleValue(value):
                row.RejectSingleValue();
                break;
            default:
                ReadProperties(input, row);
                break;
        }
    }

    private static void Read(DataRow data, INamedValues row)
    {
        foreach (DataColumn column in data.Table.Columns)
            row.Add(column.ColumnName, data[column]);
    }

    private void ReadProperties(PSObject input, INamedValues row)
    {
        var properties = _shape?.PropertiesOf(input);
        if (properties is null)
        {
            _shape = RowShape.Of(input);
            properties = [.. input.Properties];
        }

        foreach (var property in properties)
            Add(property, row);
    }

    private static void Add(PSPropertyInfo property, INamedValues row)
    {
        if (!property.IsGettable)
            return;
        object? value;
        try
        {
            value = Unwrap(property.Value);
        }
        catch (GetValueException)
        {
            row.RejectUnreadable(property.Name);
            return;
        }

        row.Add(property.Name, value);
    }

    private static bool IsSingleValue(object value) =>
        value is string or Guid or decimal or DateTime or DateTimeOffset or TimeSpan || value.GetType().IsPrimitive || value.GetType().IsEnum;
}
