namespace CovidCt.Benchmarks;

/// <summary>The working tree that this program was built in.</summary>
internal static class Repository
{
    private const string Mark = "CovidCt.sln";

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
