using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace Broker.Node.Tests.Campaign;

/// <summary>npm's WebSocket clients, installed into a temporary folder, and gone with it.</summary>
public sealed class NodeJsClients : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("broker-npm");
    private readonly List<Process> _running = [];

    public async ValueTask InitializeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var npm = Start("npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error", "ws@8", "wscat@6");
        await npm.Process.WaitForExitAsync(patience.Token);
        npm.Process.ExitCode.ShouldBe(0, npm.Said);
    }

    /// <summary>wscat, which sends one message once it is connected and shows each that comes as a line.</summary>
    internal Client Wscat(string url, string message) => Start(
        "node", Path.Combine(_folder.FullName, "node_modules", "wscat", "bin", "wscat"), "--connect", url, "--execute", message, "--wait", "120");

    /// <summary>A program that may <c>require('ws')</c>.</summary>
    internal Client Run(string program, params string[] arguments) => Start("node", ["-e", program, .. arguments]);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _running)
        {
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private Client Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder.FullName,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var client = new Client(new Process { StartInfo = start });
        _running.Add(client.Process);
        return client;
    }

    /// <summary>A program that runs, and what it says.</summary>
    internal sealed class Client
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
        private readonly StringBuilder _said = new();

        public Client(Process process)
        {
            Process = process;
            process.OutputDataReceived += (_, line) => Hear(line.Data);
            process.ErrorDataReceived += (_, line) => Hear(line.Data);
            process.Start();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public Process Process { get; }

        public string Said
        {
            get
            {
                lock (_said)
                {
                    return _said.ToString();
                }
            }
        }

        /// <summary>The next line that contains this.</summary>
        public async Task<string> HearAsync(string text)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            try
            {
                string line;
                do
                {
                    line = await _lines.Reader.ReadAsync(patience.Token);
                }
                while (!line.Contains(text, StringComparison.Ordinal));
                return line;
            }
            catch (OperationCanceledException late)
            {
                throw new InvalidOperationException($"It never said \"{text}\", but: {Said}", late);
            }
        }

        private void Hear(string? line)
        {
            if (line is null)
            {
                return;
            }

            lock (_said)
            {
                _said.Append(line).Append('\n');
            }

            _lines.Writer.TryWrite(line);
        }
    }
}
