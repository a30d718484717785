using System.Collections;
using System.Data;
using System.Management.Automation;
using System.Xml;
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
        PSObject wrapped => Unwrap(wrapped.BaseObject),
        SwitchParameter given => given.IsPresent,
        _ => value,
    };

    /// <summary>Hands over each row of an input. Lists and tables hold rows, and so do lists of them; anything else is a row, and null is one that is missing.</summary>
    public static void ForEachRow(PSObject? input, Action<PSObject?> take)
    {
        if (input is null || RowsWithin(input) is not { } rows)
        {
            take(input);
            return;
        }

        foreach (var row in rows)
            ForEachRow(row is null ? null : PSObject.AsPSObject(row), take);
    }

    /// <summary>True for a number, a date and the like: a value, not a row.</summary>
    public static bool IsSingleValue(object value) =>
        value is string or Guid or decimal or DateTime or DateTimeOffset or TimeSpan || value.GetType().IsPrimitive || value.GetType().IsEnum;

    public void Read(PSObject? input, INamedValues row)
    {
        switch (input?.BaseObject)
        {
            case null:
                row.RejectSingleValue();
                break;
            case PSCustomObject:
                ReadProperties(input!, row);
                break;
            case DataRow { RowState: DataRowState.Deleted or DataRowState.Detached }:
                row.RejectUnreadable("RowState");
                break;
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
            case XmlElement element:
                Read(element, row);
                break;
            case IDictionary<string, object?> entries:
                foreach (var entry in entries)
                    row.Add(entry.Key, Unwrap(entry.Value));
                break;
            case var value when IsSingleValue(value):
                row.RejectSingleValue();
                break;
            default:
                ReadProperties(input!, row);
                break;
        }
    }

    // By the engine's own rules.
    private static IEnumerable? RowsWithin(PSObject input) => input.BaseObject switch
    {
        PSCustomObject or IDictionary<string, object?> => null,
        DataTable table => table.Rows,
        _ => LanguagePrimitives.GetEnumerable(input.BaseObject),
    };

    /// <summary>Attributes and child elements, one that comes several times as a list.</summary>
    private static void Read(XmlElement element, INamedValues row)
    {
        foreach (XmlAttribute attribute in element.Attributes)
            row.Add(attribute.LocalName, attribute.Value);
        foreach (var children in element.ChildNodes.OfType<XmlElement>().GroupBy(child => child.LocalName))
        {
            var values = children.Select(child => child.ChildNodes.OfType<XmlElement>().Any() ? (object)child : child.InnerText).ToList();
            row.Add(children.Key, values.Count == 1 ? values[0] : values);
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
}
