using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Broker.Node.Hosting;

namespace Broker.Node.Settings;

/// <summary>
/// Reads configuration into options. Unlike the framework's binder it takes a name that it does not know for the mistake
/// that it is, and says in the setting's own name what is wrong with a value.
/// </summary>
/// <param name="configuration">What the settings are a section of.</param>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private readonly IConfigurationProvider[] _sources = [.. ConfigurationSources.Of(configuration)];
    private readonly List<string> _failures = [];

    /// <summary>One line per wrong setting.</summary>
    public IReadOnlyList<string> Failures => _failures;

    public void Read(IConfigurationSection section, object options)
    {
        foreach (var child in section.GetChildren())
        {
            var property = Properties(options.GetType()).FirstOrDefault(p => p.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                _failures.Add($"{child.Path} is not a setting.{Suggestion(child.Key, options.GetType())}");
            }
            else
            {
                Read(child, property, options);
            }
        }
    }

    /// <summary>What can be set in options of this type.</summary>
    public static IEnumerable<PropertyInfo> Properties(Type options) =>
        options.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    /// <summary>The options in a list of such; null for what is no list of options.</summary>
    public static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>) && !IsTextList(type) ? type.GetGenericArguments()[0] : null;

    public static bool IsTextList(Type type) => type == typeof(IList<string>);

    public static bool IsSection(PropertyInfo property) =>
        !property.CanWrite && ElementOf(property.PropertyType) is null && !IsTextList(property.PropertyType);

    private void Read(IConfigurationSection section, PropertyInfo property, object options)
    {
        if (ElementOf(property.PropertyType) is { } element)
        {
            ReadList(section, element, (IList)property.GetValue(options)!);
        }
        else if (IsTextList(property.PropertyType))
        {
            ReadTexts(section, (IList<string>)property.GetValue(options)!);
        }
        else if (IsSection(property))
        {
            ReadSection(section, property.GetValue(options)!);
        }
        else if (section.GetChildren().Any())
        {
            _failures.Add($"{section.Path} is one value; it has no parts such as {section.GetChildren().First().Path}.");
        }
        else if (section.Value is { Length: > 0 } value)
        {
            ReadValue(section, property, options, value);
        }
        else if (property.IsDefined(typeof(MayBeEmptyAttribute)) && IsEmpty(section.Path))
        {
            property.SetValue(options, "");
        }
    }

    /// <summary>Whether the value is empty text: a configuration within another tells that from none at all no more.</summary>
    private bool IsEmpty(string path) =>
        Array.FindLast(_sources, source => source.TryGet(path, out _)) is { } source && source.TryGet(path, out var value) && value is "";

    private void ReadSection(IConfigurationSection section, object options)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            _failures.Add($"{section.Path} has parts, such as {section.Path}:{Properties(options.GetType()).First().Name}; it has no value of its own.");
        }

        Read(section, options);
    }

    private void ReadList(IConfigurationSection section, Type element, IList list)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            _failures.Add($"{section.Path} is a list; its first entry is {section.Path}:0.");
        }

        foreach (var child in section.GetChildren())
        {
            CheckNumber(child, section, list.Count);
            var entry = Activator.CreateInstance(element)!;
            list.Add(entry);
            ReadSection(child, entry);
        }
    }

    private void ReadTexts(IConfigurationSection section, IList<string> list)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            _failures.Add($"{section.Path} is a list; its first entry is {section.Path}:0.");
        }

        foreach (var child in section.GetChildren())
        {
            CheckNumber(child, section, list.Count);
            if (child.GetChildren().Any())
            {
                _failures.Add($"{child.Path} is one value; it has no parts such as {child.GetChildren().First().Path}.");
            }

            list.Add(child.Value ?? "");
        }
    }

    // A gap would make the message about entry 2 name entry 1.
    private void CheckNumber(IConfigurationSection entry, IConfigurationSection section, int number)
    {
        if (entry.Key != number.ToString(CultureInfo.InvariantCulture))
        {
            _failures.Add($"{entry.Path} should be {section.Path}:{number}: entries are numbered from 0 without gaps.");
        }
    }

    private void ReadValue(IConfigurationSection section, PropertyInfo property, object options, string value)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (TryConvert(value, type, out var converted))
        {
            property.SetValue(options, converted);
        }
        else
        {
            _failures.Add($"{section.Path} must be {Expectation(type)}; it is \"{value}\".");
        }
    }

    private static bool TryConvert(string value, Type type, out object? converted)
    {
        converted = null;
        if (type == typeof(TimeSpan))
        {
            // A bare number would be days.
            var isTime = TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var time) && value.Contains(':', StringComparison.Ordinal);
            converted = time;
            return isTime;
        }

        if (type.IsEnum)
        {
            return Enum.TryParse(type, value, ignoreCase: true, out converted) && Enum.IsDefined(type, converted!) && !char.IsAsciiDigit(value[0]);
        }

        try
        {
            converted = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value);
            return true;
        }
#pragma warning disable CA1031 // The converters of numbers throw bare exceptions around those that they mean.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private static string Expectation(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a time such as 00:00:25"
        : type.IsEnum ? "one of " + string.Join(", ", Enum.GetNames(type))
        : $"a whole number{(type == typeof(int) ? " up to " + int.MaxValue.ToString("N0", CultureInfo.InvariantCulture) : "")}";

    private static string Suggestion(string key, Type options)
    {
        var closest = Properties(options).MinBy(property => Distance(property.Name, key));
        return closest is not null && Distance(closest.Name, key) <= 2
            ? $" Is {closest.Name} meant?"
            : $" There is {string.Join(", ", Properties(options).Select(property => property.Name))}.";
    }

    /// <summary>Letters to change, add or leave out to come from one name to the other, whatever their case.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var isSame = char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (isSame ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
