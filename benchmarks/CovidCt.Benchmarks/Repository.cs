namespace CovidCt.Benchmarks;

/// <summary>The working tree that this program was built in.</summary>
internal static class Repository
{
    private const string Mark = "CovidCt.sln";

    /// <summary>Publishes a project for this system, compiled ahead, and answers where its program lies; one process at a time does so.</summary>
    /// <param name="project">Its folder below the root.</param>
    /// <param name="program">The program's name.</param>
    /// <exception cref="PeerException">It can't be published.</exception>
    public static string Published(string project, string program)
    {
        var folder = Path.Combine(Root, "artifacts", "published", program);
        using var turn = new Mutex(initiallyOwned: false, "covidct-benchmarks-publish");
        turn.WaitOne();
        try
        {
            Peer.Run(
                "dotnet", "publish", Path.Combine(Root, project), "-c", "Release", "--use-current-runtime", "--self-contained", "false",
                "-p:PublishReadyToRun=true", "-o", folder, "-v", "q", "-nologo");
        }
        finally
        {
            turn.ReleaseMutex();
        }

        return Path.Combine(folder, OperatingSystem.IsWindows() ? $"{program}.exe" : program);
    }

    public static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Mark)))
            {
                folder = folder.Parent;
            }

            return folder?.FullName ?? throw new PeerException($"No folder above {AppContext.BaseDirectory} holds {Mark}: run the benchmarks from a clone of the repository.");
        }
    }
}
