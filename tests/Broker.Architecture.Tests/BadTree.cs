namespace Broker.Architecture.Tests;

/// <summary>A way to break a rule: one file written into an orderly tree.</summary>
/// <param name="Rule">The rule that must object.</param>
/// <param name="Path">The file that breaks it.</param>
/// <param name="Text">What the file says.</param>
/// <param name="Objection">A part of what the rule must say.</param>
internal sealed record BadTree(string Rule, string Path, string Text, string Objection)
{
    private const string Actors = "src/Broker.Actors/Broker.Actors.csproj";

    public static readonly IReadOnlyList<BadTree> All =
    [
        Refers(Actors, """<ProjectReference Include="../Broker.Transport/Broker.Transport.csproj" />""", "may not reference Broker.Transport"),
        Refers(Actors, """<ProjectReference Include="..\Broker.Node\Broker.Node.csproj" />""", "may not reference Broker.Node"),
        Refers(Actors, """<ProjectReference Include="../../tests/Broker.TestKit/Broker.TestKit.csproj" />""", "may not reference Broker.TestKit"),
        Refers(Actors, """<Reference Include="Broker.Node, Version=1.0.0.0" />""", "may not reference Broker.Node"),
        Refers(Actors, """<FrameworkReference Include="Microsoft.AspNetCore.App" />""", "only Broker.Node knows Microsoft.AspNetCore"),
        Refers(Actors, """<PackageReference Include="Microsoft.AspNetCore.Connections.Abstractions" />""", "only Broker.Node knows Microsoft.AspNetCore"),
        Refers(Actors, """<Using Include="Microsoft.AspNetCore.Http" />""", "only Broker.Node knows Microsoft.AspNetCore"),
        Refers(Actors, """<PackageReference Include="RabbitMQ.Client" />""", "only Broker.Cluster.RabbitMq knows RabbitMQ.Client"),
        Refers(Actors, """<PackageReference Include="Npgsql" />""", "only Broker.Storage.PostgreSql knows Npgsql"),
        Refers("src/Broker.Node/Broker.Node.csproj", """<PackageReference Include="Npgsql.OpenTelemetry" />""", "only Broker.Storage.PostgreSql knows Npgsql"),
        Refers("src/Broker.Transport/Broker.Transport.csproj", """<PackageReference Include="Dapper" />""", "only Broker.Storage.PostgreSql knows Dapper"),
        Refers("src/Broker.Cli/Broker.Cli.csproj", """<ProjectReference Include="../Broker.Actors/Broker.Actors.csproj" />""", "Broker.Cli may not reference Broker.Actors"),
        Refers("src/Broker.Messages/Broker.Messages.csproj", """<ProjectReference Include="../Broker.Actors/Broker.Actors.csproj" />""", "Broker.Messages may not reference Broker.Actors"),
        Refers("src/Broker.Utils/Broker.Utils.csproj", """<PackageReference Include="Polly.Core" />""", "no place in the house"),
        Refers("Directory.Build.props", """<PackageReference Include="Npgsql" />""", "Broker.Actors.csproj: Broker.Actors may not reference Npgsql"),
        new("references run one way", Actors, """<Project Sdk="Microsoft.NET.Sdk.Web" />""", "only Broker.Node knows Microsoft.AspNetCore"),

        Names("using Microsoft.AspNetCore.Http;", "Rooms/NodeRoom.cs:1: Broker.Actors may not reference Microsoft.AspNetCore.Http"),
        Names("using static Microsoft.AspNetCore.Http.Results;", "only Broker.Node knows Microsoft.AspNetCore"),
        Names("using Dapper;", "only Broker.Storage.PostgreSql knows Dapper"),
        Names("global using Npgsql;", "only Broker.Storage.PostgreSql knows Npgsql"),
        Names("using Rabbit = RabbitMQ.Client.IConnection;", "only Broker.Cluster.RabbitMq knows RabbitMQ.Client"),
        Names("using Broker.Node.Health;", "may not reference Broker.Node"),
        Names("internal sealed class NodeRoom(global::Npgsql.NpgsqlConnection connection);", "only Broker.Storage.PostgreSql knows Npgsql"),

        new("namespaces follow folders", "src/Broker.Actors/Rooms/NodeRoom.cs", "namespace Broker.Actors; class NodeRoom;", "should be Broker.Actors.Rooms"),
        new("namespaces follow folders", "src/Broker.Actors/Rooms/NodeRoom.cs", "class NodeRoom;", "has no namespace"),
        new("namespaces follow folders", "src/Stray.cs", "class Stray;", "belongs to no project"),
        new("namespaces follow folders", "tests/Broker.Actors.Tests/Rooms/NodeRoomTests.cs", "namespace Broker.Actors.Rooms; class NodeRoomTests;", "should be Broker.Actors.Tests.Rooms"),

        new("a file's name is one of its types", "src/Broker.Actors/Rooms/Room.cs", "namespace Broker.Actors.Rooms; class NodeRoom { class Room; }", "declares NodeRoom, not Room"),
        new("a file's name is one of its types", "src/Broker.Actors/Rooms/Room.cs", "namespace Broker.Actors.Rooms { class NodeRoom { } }", "declares NodeRoom, not Room"),
        new("a file's name is one of its types", "src/Broker.Actors/Rooms/Notes.cs", "// class Notes", "declares no type"),

        new("no leftovers in src", "src/Broker.Actors/Rooms/NodeRoom.cs", "\n// TODO: finish", "NodeRoom.cs:2: TODO"),
        new("no leftovers in src", "src/Broker.Actors/Rooms/NodeRoom.cs", "throw new NotImplementedException();", "NotImplementedException"),
        new("no leftovers in src", "src/Broker.Node/wwwroot/index.html", "<!-- FIXME -->", "FIXME"),

        new("the solution names every project", "tests/Broker.New.Tests/Broker.New.Tests.csproj", "<Project />", "not in Broker.sln"),

        new("tests say what they need", "tests/Broker.Actors.Tests/Rooms/NodeRoomTests.cs", """[Trait("Needs", "moon")]""", "Needs is one of"),
        new("tests say what they need", "tests/Broker.Actors.Tests/Rooms/NodeRoomTests.cs", """[Trait("Needs", Constants.Moon)]""", "Needs is one of"),

        new("links lead somewhere", "docs/README.md", "See [rooms](rooms.md).", "rooms.md is not there"),
        new("links lead somewhere", "docs/README.md", "See [rooms](../docs/rooms.md#words).", "rooms.md is not there"),
    ];

    /// <summary>A tree that every rule is content with.</summary>
    public static TemporaryTree Orderly() => new TemporaryTree()
        .Write("Broker.sln", """
            "src\Broker.Messages\Broker.Messages.csproj" "src\Broker.Actors\Broker.Actors.csproj" "src\Broker.Node\Broker.Node.csproj"
            "tests\Broker.Actors.Tests\Broker.Actors.Tests.csproj"
            """)
        .Write("README.md", "The [docs](docs/), the [index](docs/README.md#top), [elsewhere](https://example.com/x.md).\n\n```\n[code](nowhere.md)\n```\n")
        .Write("docs/README.md", "Back to the [readme](../README.md).")
        .Write("src/Broker.Messages/Broker.Messages.csproj", """<Project Sdk="Microsoft.NET.Sdk" />""")
        .Write(Actors, """
            <Project Sdk="Microsoft.NET.Sdk">
              <ItemGroup>
                <ProjectReference Include="..\Broker.Messages\Broker.Messages.csproj" />
                <PackageReference Include="Microsoft.Extensions.Logging.Abstractions" />
                <InternalsVisibleTo Include="Broker.Actors.Tests" />
              </ItemGroup>
            </Project>
            """)
        .Write("src/Broker.Actors/Rooms/NodeRoom.cs", """
            using Broker.Messages;
            namespace Broker.Actors.Rooms;
            // Not a usage: Npgsql.NpgsqlConnection
            internal sealed partial class NodeRoom { private const string Text = "Microsoft.AspNetCore.Http"; }
            """)
        .Write("src/Broker.Actors/Rooms/NodeRoom.Log.cs", "namespace Broker.Actors.Rooms;\ninternal sealed partial class NodeRoom;")
        .Write("src/Broker.Node/Broker.Node.csproj", """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><AssemblyName>broker</AssemblyName></PropertyGroup>
              <ItemGroup><ProjectReference Include="../Broker.Actors/Broker.Actors.csproj" /></ItemGroup>
            </Project>
            """)
        .Write("src/Broker.Node/Program.cs", "using Microsoft.AspNetCore.Http;\nConsole.WriteLine();\npublic partial class Program;")
        .Write("src/Broker.Node/obj/Left.cs", "namespace Anything; // TODO")
        .Write("tests/Broker.Actors.Tests/Broker.Actors.Tests.csproj", """<Project Sdk="Microsoft.NET.Sdk" />""")
        .Write("tests/Broker.Actors.Tests/Rooms/NodeRoomTests.cs", """
            namespace Broker.Actors.Tests.Rooms;
            [Trait("Needs", "server"), Trait("Kind", "any")]
            public sealed class NodeRoomTests;
            """);

    private static BadTree Refers(string path, string item, string objection) =>
        new("references run one way", path, $"""<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>{item}</ItemGroup></Project>""", objection);

    private static BadTree Names(string code, string objection) =>
        new("code names only what its project may know", "src/Broker.Actors/Rooms/NodeRoom.cs", code, objection);
}
