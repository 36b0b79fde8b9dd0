using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Broker.Cli.Output;

/// <summary>Writes results: a table or a line for people, the API's own JSON for programs.</summary>
internal sealed class Printer(Surroundings surroundings, bool json)
{
    /// <summary>Columns of what is not a screen: nothing is cut or broken there.</summary>
    private const int FileWidth = 400;

    /// <param name="print">For people.</param>
    public void Print<TValue>(TValue value, JsonTypeInfo<TValue> type, Action<TValue> print)
    {
        if (json)
        {
            surroundings.Out.WriteLine(JsonSerializer.Serialize(value, type));
        }
        else
        {
            print(value);
        }
    }

    public void Line(string text) => surroundings.Out.WriteLine(text);

    /// <summary>Says what happens meanwhile, to people only.</summary>
    public void Note(string text)
    {
        if (!json)
        {
            surroundings.Error.WriteLine(text);
        }
    }

    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        Console().Write(table);
    }

    private IAnsiConsole Console()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Out = new AnsiConsoleOutput(surroundings.Out),
        });
        if (!surroundings.IsTerminal)
        {
            console.Profile.Width = FileWidth;
        }

        return console;
    }
}
