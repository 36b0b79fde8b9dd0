using System.Reflection;
using Broker.Node.Settings;

namespace Broker.Node.Tests.Settings;

public sealed class SecretSettingsTests
{
    private static readonly string[] Words = ["Secret", "Token", "Key", "Password", "Connection", "ConnectionString", "Headers", "Credentials", "PostgreSql", "RabbitMq"];

    /// <summary>What sounds like a secret is marked as one, or has parts of its own that are.</summary>
    [Fact]
    public void Settings_ThatSoundLikeSecrets_AreMarkedAsSuch()
    {
        var values = Values(typeof(BrokerOptions)).ToArray();

        values.Where(property => property.IsDefined(typeof(SecretAttribute))).Count().ShouldBeGreaterThan(5);
        values.Where(property => IsText(property.PropertyType) && Sounds(property.Name) && !property.IsDefined(typeof(SecretAttribute)))
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}").ShouldBeEmpty();
    }

    /// <summary>A number, such as how many connections there may be, gives nothing away.</summary>
    private static bool IsText(Type type) => type == typeof(string) || SettingsReader.IsTextList(type);

    private static bool Sounds(string name) => Words.Any(word =>
        name.EndsWith(word, StringComparison.Ordinal) || name.EndsWith(word + "s", StringComparison.Ordinal));

    /// <summary>Properties with a value, or a list of values; those of sections and lists of sections instead of them.</summary>
    private static IEnumerable<PropertyInfo> Values(Type options) => SettingsReader.Properties(options).SelectMany(property =>
        SettingsReader.ElementOf(property.PropertyType) is { } element
            ? element.Namespace == typeof(BrokerOptions).Namespace && !element.IsEnum ? Values(element) : [property]
            : SettingsReader.IsSection(property) ? Values(property.PropertyType) : [property]);
}
