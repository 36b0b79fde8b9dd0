using System.Collections;
using System.Globalization;
using System.Reflection;
using Broker.Node.Hosting;
using Broker.Node.Settings;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace Broker.Node.Admin;

/// <summary>Every setting with its value and where that came from; secrets are not shown.</summary>
internal sealed class SettingsInForce(BrokerOptions options, IConfiguration configuration)
{
    private readonly IConfigurationProvider[] _sources = [.. ConfigurationSources.Of(configuration)];

    public IReadOnlyList<Setting> Read() => [.. Section(BrokerOptions.Section, options)];

    private IEnumerable<Setting> Section(string path, object section) =>
        SettingsReader.Properties(section.GetType()).SelectMany(property => Property($"{path}:{property.Name}", property, property.GetValue(section)));

    private IEnumerable<Setting> Property(string path, PropertyInfo property, object? value)
    {
        var isSecret = property.IsDefined(typeof(SecretAttribute));
        if (value is IList list)
        {
            return list.Cast<object>().SelectMany((entry, i) =>
                SettingsReader.IsTextList(property.PropertyType) ? [Value($"{path}:{i}", entry, isSecret)] : Section($"{path}:{i}", entry));
        }

        return SettingsReader.IsSection(property) && value is not null ? Section(path, value) : [Value(path, value, isSecret)];
    }

    private Setting Value(string name, object? value, bool isSecret)
    {
        var text = value is null ? null : Convert.ToString(value, CultureInfo.InvariantCulture);
        return new Setting(name, isSecret && !string.IsNullOrEmpty(text) ? Setting.Hidden : text, From(name));
    }

    /// <summary>The last source that has it wins, as it did when the settings were read.</summary>
    private string From(string name) => _sources.LastOrDefault(source => source.TryGet(name, out var value) && !string.IsNullOrEmpty(value)) switch
    {
        null => "default",
        FileConfigurationProvider file => file.Source.Path ?? "file",
        EnvironmentVariablesConfigurationProvider => "environment",
        MemoryConfigurationProvider => "command line",   // see BrokerConfiguration
        var other => other.ToString() ?? "other",
    };
}
