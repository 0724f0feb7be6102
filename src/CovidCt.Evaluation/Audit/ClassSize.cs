namespace CovidCt.Audit;

/// <summary>How many images a class has.</summary>
/// <param name="Name">The class.</param>
/// <param name="Images">Its readable images.</param>
/// <param name="Patients">The patients known by name among them.</param>
internal sealed record ClassSize(string Name, int Images, int Patients);
