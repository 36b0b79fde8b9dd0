using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Broker.Node.Settings;

namespace Broker.Node.Tests.Settings;

/// <summary>Writes docs/settings.md from the options and their summaries, so that it cannot say anything else.</summary>
internal sealed partial class SettingsMarkdown
{
    private readonly Dictionary<string, string> _summaries;
    private readonly StringBuilder _text = new();

    private SettingsMarkdown(string documentation) => _summaries = XDocument.Load(documentation).Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => Plain(member.Element("summary")!), StringComparer.Ordinal);

    public static string Write()
    {
        var page = new SettingsMarkdown(Path.Combine(AppContext.BaseDirectory, "broker.xml"));
        page._text.Append(
            """
            # Settings

            <!-- Made from the options in src/Broker.Node/Settings by a test of Broker.Node.Tests; edit their summaries, not this page. -->

            Every setting has a default. Settings come from, later ones winning:

            1. `appsettings.json` in the current folder: `{ "Broker": { "Limits": { "FrameBytes": 131072 } } }`
            2. the environment: `Broker__Limits__FrameBytes=131072`
            3. the hubs of a file of [WebRocket's form](webrocket.md#files-of-the-original), where one is given
            4. the command line: `--Broker:Limits:FrameBytes 131072`. `--urls`, `--data` and `--log` are short for `--Broker:Urls`,
               `--Broker:Data` and `--Broker:Log`.

            Lists are numbered from 0: `Broker:Apps:0:Id`. A setting that does not exist, or has a wrong value, stops the node at start with
            exit code 1 and a line that names it. Log levels are .NET's: `--Logging:LogLevel:Broker Debug`.

            """);
        page.Section(BrokerOptions.Section, typeof(BrokerOptions));
        return page._text.ToString();
    }

    private void Section(string path, Type options)
    {
        var properties = SettingsReader.Properties(options).ToArray();
        _text.Append('\n').Append("## ").Append(path).Append("\n\n").Append(_summaries["T:" + options.FullName]).Append("\n\n");
        _text.Append("| setting | value | meaning |\n| --- | --- | --- |\n");
        foreach (var property in properties.Where(property => Inner(property) is null))
        {
            _text.Append("| `").Append(path).Append(':').Append(property.Name).Append("` | ").Append(Kind(property.PropertyType)).Append(" | ")
                .Append(_summaries[$"P:{options.FullName}.{property.Name}"]).Append(" |\n");
        }

        foreach (var property in properties)
        {
            if (Inner(property) is { } inner)
            {
                Section($"{path}:{property.Name}{(SettingsReader.IsSection(property) ? "" : ":N")}", inner);
            }
        }
    }

    /// <summary>The options of a section or of a list's entries.</summary>
    private static Type? Inner(PropertyInfo property) =>
        SettingsReader.ElementOf(property.PropertyType) ?? (SettingsReader.IsSection(property) ? property.PropertyType : null);

    private static string Kind(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare == typeof(string) ? "text"
            : bare == typeof(bool) ? "true or false"
            : bare == typeof(TimeSpan) ? "time"
            : SettingsReader.IsTextList(bare) ? "list of texts"
            : bare.IsEnum ? string.Join(", ", Enum.GetNames(bare))
            : "number";
    }

    private static string Plain(XElement summary)
    {
        foreach (var code in summary.Descendants("c").ToArray())
        {
            code.ReplaceWith("`" + code.Value + "`");
        }

        return Spaces().Replace(summary.Value.Trim(), " ");
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();
}
