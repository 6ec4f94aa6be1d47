/**
 * Which functions a statement may call. Decided for every function of the engine by what it can reach; the test beside
 * this file asks the engine for its list and fails when one appears that nobody has decided on.
 */

const names = (text: string): ReadonlySet<string> => new Set(text.toLowerCase().split(/\s+/));

/** Table functions that make rows out of nothing but their arguments. All others reach outside the workspace. */
const TABLE_FUNCTIONS = names(
  "format generate_series generateRandom generateSeries null numbers numbers_mt primes values view zeros zeros_mt",
);

/**
 * The engine's other table functions. What follows FROM is held against the list above; these names are refused
 * wherever they are called, so that a misread FROM opens nothing.
 */
const OUTER_TABLE_FUNCTIONS = names(`
  SQLStandardValues arrowStream azureBlobStorage azureBlobStorageCluster cluster clusterAllReplicas cosn deltaLake
  deltaLakeAzure deltaLakeAzureCluster deltaLakeCluster deltaLakeLocal deltaLakeS3 deltaLakeS3Cluster dictionary eval
  executable fileCluster filesystem fuzzJSON gcs hdfs hdfsCluster hudi hudiCluster iceberg icebergAzure
  icebergAzureCluster icebergCluster icebergHDFS icebergHDFSCluster icebergLocal icebergLocalCluster icebergS3
  icebergS3Cluster input jdbc loop merge mergeTreeAnalyzeIndexes mergeTreeAnalyzeIndexesUUID mergeTreeIndex
  mergeTreeProjection mergeTreeTextIndex mongodb mysql odbc oss paimon paimonAzure paimonAzureCluster paimonCluster
  paimonHDFS paimonHDFSCluster paimonLocal paimonS3 paimonS3Cluster postgresql prometheusQuery prometheusQueryRange
  redis remote remoteSecure s3 s3Cluster sqlite timeSeriesData timeSeriesMetrics timeSeriesSamples timeSeriesSelector
  timeSeriesTags url urlCluster viewExplain viewIfPermitted ytsaurus`);

/** Functions that read files, models, other tables, or call a network service. */
const READS_OUTSIDE = names(`
  AIClassify AIExtract AIGenerate AITranslate aiEmbed catboostEvaluate evalMLMethod file hasColumnInTable
  naiveBayesClassifier naiveBayesClassifierWithAllProbs naiveBayesClassifierWithProb showCertificate
  regionHierarchy regionIn regionToArea regionToCity regionToContinent regionToCountry regionToDistrict regionToName
  regionToPopulation regionToTopContinent timeSeriesIdToTags timeSeriesIdToTagsGroup timeSeriesTagsGroupToTags`);

/** Functions that tell about the server, its settings, its files and its clients. */
const TELLS_OF_SERVER = names(`
  FQDN addressToLine addressToLineWithInlines addressToSymbol authUser authenticatedUser buildId connectionId
  connection_id currentDatabase current_database currentProfiles currentQueryID current_query_id currentRoles
  currentSchemas current_schemas currentUser current_user database defaultProfiles defaultRoles demangle displayName
  enabledProfiles enabledRoles filesystemAvailable filesystemCapacity filesystemUnreserved fullHostName
  getClientHTTPHeader getMacro getMaxTableNameLengthForDatabase getMergeTreeSetting getOSKernelVersion getServerPort
  getServerSetting getSetting getSettingOrDefault globalVariable hasThreadFuzzer hostName initialQueryID
  initialQueryStartTime initial_query_id initial_query_start_time isMergeTreePartCoveredBy mergeTreePartInfo
  partitionID queryID query_id schema serverUUID session_user shardCount shardNum tcpPort tid
  transactionID transactionLatestSnapshot transactionOldestSnapshot uptime user zookeeperSessionUptime`);

/** Functions that write to the server's log or state, or only hold a session busy. */
const DISTURBS = names("fuzzQuery generateSerialID logTrace sleep sleepEachRow");

/** Families that reach out as a whole: dictionaries, and what the engine keeps for itself. */
const FORBIDDEN_FAMILIES = /^(?:dict(?:get|has|isin)|__)/i;

/** May a statement call this function in an expression? Names are compared without case, though some have one. */
export function mayCall(name: string): boolean {
  const folded = name.toLowerCase();
  const isForbidden = [READS_OUTSIDE, TELLS_OF_SERVER, DISTURBS, OUTER_TABLE_FUNCTIONS].some((each) =>
    each.has(folded),
  );
  return !isForbidden && !FORBIDDEN_FAMILIES.test(name);
}

/** May a statement read from this table function? */
export function mayReadFrom(name: string): boolean {
  return TABLE_FUNCTIONS.has(name.toLowerCase());
}
