// Generated from the service models by `make api`; do not edit.
// Blobs are base64, timestamps ISO 8601.

export interface IamAddRoleToInstanceProfileRequest {
  InstanceProfileName: string;
  RoleName: string;
}

export interface IamAddUserToGroupRequest {
  GroupName: string;
  UserName: string;
}

export interface IamAttachGroupPolicyRequest {
  GroupName: string;
  PolicyArn: string;
}

export interface IamAttachRolePolicyRequest {
  RoleName: string;
  PolicyArn: string;
}

export interface IamAttachUserPolicyRequest {
  UserName: string;
  PolicyArn: string;
}

export interface IamCreateAccessKeyRequest {
  UserName?: string;
}

export interface IamCreateAccessKeyResponse {
  AccessKey: IamAccessKey;
}

export interface IamCreateAccountAliasRequest {
  AccountAlias: string;
}

export interface IamCreateGroupRequest {
  Path?: string;
  GroupName: string;
}

export interface IamCreateGroupResponse {
  Group: IamGroup;
}

export interface IamCreateInstanceProfileRequest {
  InstanceProfileName: string;
  Path?: string;
  Tags?: Array<IamTag>;
}

export interface IamCreateInstanceProfileResponse {
  InstanceProfile: IamInstanceProfile;
}

export interface IamCreateLoginProfileRequest {
  UserName?: string;
  Password?: string;
  PasswordResetRequired?: boolean;
  MaxSigninSessionDuration?: number;
}

export interface IamCreateLoginProfileResponse {
  LoginProfile: IamLoginProfile;
}

export interface IamCreatePolicyRequest {
  PolicyName: string;
  Path?: string;
  PolicyDocument: string;
  Description?: string;
  Tags?: Array<IamTag>;
}

export interface IamCreatePolicyResponse {
  Policy?: IamPolicy;
}

export interface IamCreatePolicyVersionRequest {
  PolicyArn: string;
  PolicyDocument: string;
  SetAsDefault?: boolean;
}

export interface IamCreatePolicyVersionResponse {
  PolicyVersion?: IamPolicyVersion;
}

export interface IamCreateRoleRequest {
  Path?: string;
  RoleName: string;
  AssumeRolePolicyDocument: string;
  Description?: string;
  MaxSessionDuration?: number;
  MaxSigninSessionDuration?: number;
  PermissionsBoundary?: string;
  Tags?: Array<IamTag>;
}

export interface IamCreateRoleResponse {
  Role: IamRole;
}

export interface IamCreateUserRequest {
  Path?: string;
  UserName: string;
  PermissionsBoundary?: string;
  Tags?: Array<IamTag>;
}

export interface IamCreateUserResponse {
  User?: IamUser;
}

export interface IamCreateVirtualMFADeviceRequest {
  Path?: string;
  VirtualMFADeviceName: string;
  Tags?: Array<IamTag>;
}

export interface IamCreateVirtualMFADeviceResponse {
  VirtualMFADevice: IamVirtualMFADevice;
}

export interface IamDeactivateMFADeviceRequest {
  UserName?: string;
  SerialNumber: string;
}

export interface IamDeleteAccessKeyRequest {
  UserName?: string;
  AccessKeyId: string;
}

export interface IamDeleteAccountAliasRequest {
  AccountAlias: string;
}

export interface IamDeleteGroupPolicyRequest {
  GroupName: string;
  PolicyName: string;
}

export interface IamDeleteGroupRequest {
  GroupName: string;
}

export interface IamDeleteInstanceProfileRequest {
  InstanceProfileName: string;
}

export interface IamDeleteLoginProfileRequest {
  UserName?: string;
}

export interface IamDeletePolicyRequest {
  PolicyArn: string;
}

export interface IamDeletePolicyVersionRequest {
  PolicyArn: string;
  VersionId: string;
}

export interface IamDeleteRolePermissionsBoundaryRequest {
  RoleName: string;
}

export interface IamDeleteRolePolicyRequest {
  RoleName: string;
  PolicyName: string;
}

export interface IamDeleteRoleRequest {
  RoleName: string;
}

export interface IamDeleteUserPermissionsBoundaryRequest {
  UserName: string;
}

export interface IamDeleteUserPolicyRequest {
  UserName: string;
  PolicyName: string;
}

export interface IamDeleteUserRequest {
  UserName: string;
}

export interface IamDeleteVirtualMFADeviceRequest {
  SerialNumber: string;
}

export interface IamDetachGroupPolicyRequest {
  GroupName: string;
  PolicyArn: string;
}

export interface IamDetachRolePolicyRequest {
  RoleName: string;
  PolicyArn: string;
}

export interface IamDetachUserPolicyRequest {
  UserName: string;
  PolicyArn: string;
}

export interface IamEnableMFADeviceRequest {
  UserName: string;
  SerialNumber: string;
  AuthenticationCode1: string;
  AuthenticationCode2: string;
}

export interface IamGetAccessKeyLastUsedRequest {
  AccessKeyId: string;
}

export interface IamGetAccessKeyLastUsedResponse {
  UserName?: string;
  AccessKeyLastUsed?: IamAccessKeyLastUsed;
}

export interface IamGetAccountPasswordPolicyResponse {
  PasswordPolicy: IamPasswordPolicy;
}

export interface IamGetAccountSummaryResponse {
  SummaryMap?: Record<string, number>;
}

export interface IamGetGroupPolicyRequest {
  GroupName: string;
  PolicyName: string;
}

export interface IamGetGroupPolicyResponse {
  GroupName: string;
  PolicyName: string;
  PolicyDocument: string;
}

export interface IamGetGroupRequest {
  GroupName: string;
  Marker?: string;
  MaxItems?: number;
}

export interface IamGetGroupResponse {
  Group: IamGroup;
  Users: Array<IamUser>;
  IsTruncated?: boolean;
  Marker?: string;
}

export interface IamGetLoginProfileRequest {
  UserName?: string;
}

export interface IamGetLoginProfileResponse {
  LoginProfile: IamLoginProfile;
}

export interface IamGetPolicyRequest {
  PolicyArn: string;
}

export interface IamGetPolicyResponse {
  Policy?: IamPolicy;
}

export interface IamGetPolicyVersionRequest {
  PolicyArn: string;
  VersionId: string;
}

export interface IamGetPolicyVersionResponse {
  PolicyVersion?: IamPolicyVersion;
}

export interface IamGetRolePolicyRequest {
  RoleName: string;
  PolicyName: string;
}

export interface IamGetRolePolicyResponse {
  RoleName: string;
  PolicyName: string;
  PolicyDocument: string;
}

export interface IamGetRoleRequest {
  RoleName: string;
}

export interface IamGetRoleResponse {
  Role: IamRole;
}

export interface IamGetUserPolicyRequest {
  UserName: string;
  PolicyName: string;
}

export interface IamGetUserPolicyResponse {
  UserName: string;
  PolicyName: string;
  PolicyDocument: string;
}

export interface IamGetUserRequest {
  UserName?: string;
}

export interface IamGetUserResponse {
  User: IamUser;
}

export interface IamListAccessKeysRequest {
  UserName?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface IamListAccessKeysResponse {
  AccessKeyMetadata: Array<IamAccessKeyMetadata>;
  IsTruncated?: boolean;
  Marker?: string;
}

export interface IamListAttachedGroupPoliciesRequest {
  GroupName: string;
  PathPrefix?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface IamListAttachedGroupPoliciesResponse {
  AttachedPolicies?: Array<IamAttachedPolicy>;
  IsTruncated?: boolean;
  Marker?: string;
}

export interface IamListAttachedRolePoliciesRequest {
  RoleName: string;
  PathPrefix?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface IamListAttachedRolePoliciesResponse {
  AttachedPolicies?: Array<IamAttachedPolicy>;
  IsTruncated?: boolean;
  Marker?: string;
}

export interface IamListAttachedUserPoliciesRequest {
  UserName: string;
  PathPrefix?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface IamListAttachedUserPoliciesResponse {
  AttachedPolicies?: Array<IamAttachedPolicy>;
  IsTruncated?: boolean;
  Marker?: string;
}

export interface IamListEntitiesForPolicyRequest {
  PolicyArn: string;
  EntityFilter?: "User" | "Role" | "Group" | "LocalManagedPolicy" | "AWSManagedPolicy";
  PathPrefix?: string;
  PolicyUsageFilter?: "PermissionsPolicy" | "PermissionsBoundary";
  Marker?: string;
  MaxItems?: number;
}

export interface IamListEntitiesForPolicyResponse {
  PolicyGroups?: Array<IamPolicyGroup>;
  PolicyUsers?: Array<IamPolicyUser>;
  PolicyRoles?: Array<IamPolicyRole>;
  IsTruncated?: boolean;
  Marker?: string;
}

export interface IamListGroupPoliciesRequest {
  GroupName: string;
  Marker?: string;
  MaxItems?: number;
}

export interface IamListGroupPoliciesResponse {
  PolicyNames: Array<string>;
  IsTruncated?: boolean;
  Marker?: string;
}

export interface IamListGroupsForUserRequest {
  UserName: string;
  Marker?: string;
  MaxItems?: number;
}

export interface IamListGroupsForUserResponse {
  Groups: Array<IamGroup>;
  IsTruncated?: boolean;
  Marker?: string;
}

export interface IamListGroupsRequest {
  PathPrefix?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface IamListGroupsResponse {
  Groups: Array<IamGroup>;
  IsTruncated?: boolean;
  Marker?: string;
}

export interface IamListInstanceProfilesForRoleRequest {
  RoleName: string;
  Marker?: string;
  MaxItems?: number;
}

export interface IamListInstanceProfilesForRoleResponse {
  InstanceProfiles: Array<IamInstanceProfile>;
  IsTruncated?: boolean;
  Marker?: string;
}

export interface IamListMFADevicesRequest {
  UserName?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface IamListMFADevicesResponse {
  MFADevices: Array<IamMFADevice>;
  IsTruncated?: boolean;
  Marker?: string;
}

export interface IamListPoliciesRequest {
  Scope?: "All" | "AWS" | "Local";
  OnlyAttached?: boolean;
  PathPrefix?: string;
  PolicyUsageFilter?: "PermissionsPolicy" | "PermissionsBoundary";
  Marker?: string;
  MaxItems?: number;
}

export interface IamListPoliciesResponse {
  Policies?: Array<IamPolicy>;
  IsTruncated?: boolean;
  Marker?: string;
}

export interface IamListPolicyVersionsRequest {
  PolicyArn: string;
  Marker?: string;
  MaxItems?: number;
}

export interface IamListPolicyVersionsResponse {
  Versions?: Array<IamPolicyVersion>;
  IsTruncated?: boolean;
  Marker?: string;
}

export interface IamListRolePoliciesRequest {
  RoleName: string;
  Marker?: string;
  MaxItems?: number;
}

export interface IamListRolePoliciesResponse {
  PolicyNames: Array<string>;
  IsTruncated?: boolean;
  Marker?: string;
}

export interface IamListRolesRequest {
  PathPrefix?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface IamListRolesResponse {
  Roles: Array<IamRole>;
  IsTruncated?: boolean;
  Marker?: string;
}

export interface IamListUserPoliciesRequest {
  UserName: string;
  Marker?: string;
  MaxItems?: number;
}

export interface IamListUserPoliciesResponse {
  PolicyNames: Array<string>;
  IsTruncated?: boolean;
  Marker?: string;
}

export interface IamListUserTagsRequest {
  UserName: string;
  Marker?: string;
  MaxItems?: number;
}

export interface IamListUserTagsResponse {
  Tags: Array<IamTag>;
  IsTruncated?: boolean;
  Marker?: string;
}

export interface IamListUsersRequest {
  PathPrefix?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface IamListUsersResponse {
  Users: Array<IamUser>;
  IsTruncated?: boolean;
  Marker?: string;
}

export interface IamPutGroupPolicyRequest {
  GroupName: string;
  PolicyName: string;
  PolicyDocument: string;
}

export interface IamPutRolePermissionsBoundaryRequest {
  RoleName: string;
  PermissionsBoundary: string;
}

export interface IamPutRolePolicyRequest {
  RoleName: string;
  PolicyName: string;
  PolicyDocument: string;
}

export interface IamPutUserPermissionsBoundaryRequest {
  UserName: string;
  PermissionsBoundary: string;
}

export interface IamPutUserPolicyRequest {
  UserName: string;
  PolicyName: string;
  PolicyDocument: string;
}

export interface IamRemoveRoleFromInstanceProfileRequest {
  InstanceProfileName: string;
  RoleName: string;
}

export interface IamRemoveUserFromGroupRequest {
  GroupName: string;
  UserName: string;
}

export interface IamResyncMFADeviceRequest {
  UserName: string;
  SerialNumber: string;
  AuthenticationCode1: string;
  AuthenticationCode2: string;
}

export interface IamSetDefaultPolicyVersionRequest {
  PolicyArn: string;
  VersionId: string;
}

export interface IamTagUserRequest {
  UserName: string;
  Tags: Array<IamTag>;
}

export interface IamUntagUserRequest {
  UserName: string;
  TagKeys: Array<string>;
}

export interface IamUpdateAccessKeyRequest {
  UserName?: string;
  AccessKeyId: string;
  Status: "Active" | "Inactive" | "Expired";
}

export interface IamUpdateAccountPasswordPolicyRequest {
  MinimumPasswordLength?: number;
  RequireSymbols?: boolean;
  RequireNumbers?: boolean;
  RequireUppercaseCharacters?: boolean;
  RequireLowercaseCharacters?: boolean;
  AllowUsersToChangePassword?: boolean;
  MaxPasswordAge?: number;
  PasswordReusePrevention?: number;
  HardExpiry?: boolean;
}

export interface IamUpdateAssumeRolePolicyRequest {
  RoleName: string;
  PolicyDocument: string;
}

export interface IamUpdateLoginProfileRequest {
  UserName: string;
  Password?: string;
  PasswordResetRequired?: boolean;
  MaxSigninSessionDuration?: number;
  ResetMaxSigninSessionDuration?: boolean;
}

export interface IamAccessKey {
  UserName: string;
  AccessKeyId: string;
  Status: "Active" | "Inactive" | "Expired";
  SecretAccessKey: string;
  CreateDate?: string;
}

export interface IamAccessKeyLastUsed {
  LastUsedDate?: string;
  ServiceName: string;
  Region: string;
}

export interface IamAccessKeyMetadata {
  UserName?: string;
  AccessKeyId?: string;
  Status?: "Active" | "Inactive" | "Expired";
  CreateDate?: string;
}

export interface IamAttachedPolicy {
  PolicyName?: string;
  PolicyArn?: string;
}

export interface IamGroup {
  Path: string;
  GroupName: string;
  GroupId: string;
  Arn: string;
  CreateDate: string;
}

export interface IamInstanceProfile {
  Path: string;
  InstanceProfileName: string;
  InstanceProfileId: string;
  Arn: string;
  CreateDate: string;
  Roles: Array<IamRole>;
  Tags?: Array<IamTag>;
}

export interface IamLoginProfile {
  UserName: string;
  CreateDate: string;
  PasswordResetRequired?: boolean;
  MaxSigninSessionDuration?: number;
}

export interface IamMFADevice {
  UserName: string;
  SerialNumber: string;
  EnableDate: string;
}

export interface IamPasswordPolicy {
  MinimumPasswordLength?: number;
  RequireSymbols?: boolean;
  RequireNumbers?: boolean;
  RequireUppercaseCharacters?: boolean;
  RequireLowercaseCharacters?: boolean;
  AllowUsersToChangePassword?: boolean;
  ExpirePasswords?: boolean;
  MaxPasswordAge?: number;
  PasswordReusePrevention?: number;
  HardExpiry?: boolean;
}

export interface IamPolicy {
  PolicyName?: string;
  PolicyId?: string;
  Arn?: string;
  Path?: string;
  DefaultVersionId?: string;
  AttachmentCount?: number;
  PermissionsBoundaryUsageCount?: number;
  IsAttachable?: boolean;
  Description?: string;
  CreateDate?: string;
  UpdateDate?: string;
  Tags?: Array<IamTag>;
}

export interface IamPolicyGroup {
  GroupName?: string;
  GroupId?: string;
}

export interface IamPolicyRole {
  RoleName?: string;
  RoleId?: string;
}

export interface IamPolicyUser {
  UserName?: string;
  UserId?: string;
}

export interface IamPolicyVersion {
  Document?: string;
  VersionId?: string;
  IsDefaultVersion?: boolean;
  CreateDate?: string;
}

export interface IamRole {
  Path: string;
  RoleName: string;
  RoleId: string;
  Arn: string;
  CreateDate: string;
  AssumeRolePolicyDocument?: string;
  Description?: string;
  MaxSessionDuration?: number;
  MaxSigninSessionDuration?: number;
  PermissionsBoundary?: IamAttachedPermissionsBoundary;
  Tags?: Array<IamTag>;
  RoleLastUsed?: IamRoleLastUsed;
  SourceRoleTemplate?: IamSourceRoleTemplate;
}

export interface IamTag {
  Key: string;
  Value: string;
}

export interface IamUser {
  Path: string;
  UserName: string;
  UserId: string;
  Arn: string;
  CreateDate: string;
  PasswordLastUsed?: string;
  PermissionsBoundary?: IamAttachedPermissionsBoundary;
  Tags?: Array<IamTag>;
}

export interface IamVirtualMFADevice {
  SerialNumber: string;
  Base32StringSeed?: string;
  QRCodePNG?: string;
  User?: IamUser;
  EnableDate?: string;
  Tags?: Array<IamTag>;
}

export interface IamAttachedPermissionsBoundary {
  PermissionsBoundaryType?: "PermissionsBoundaryPolicy";
  PermissionsBoundaryArn?: string;
}

export interface IamRoleLastUsed {
  LastUsedDate?: string;
  Region?: string;
}

export interface IamSourceRoleTemplate {
  TemplateArn: string;
  TemplateMinorVersion: number;
}

export interface S3CreateBucketOutput {
  Location?: string;
  BucketArn?: string;
}

export interface S3CreateBucketRequest {
  ACL?: "private" | "public-read" | "public-read-write" | "authenticated-read";
  Bucket: string;
  CreateBucketConfiguration?: S3CreateBucketConfiguration;
  GrantFullControl?: string;
  GrantRead?: string;
  GrantReadACP?: string;
  GrantWrite?: string;
  GrantWriteACP?: string;
  ObjectLockEnabledForBucket?: boolean;
  ObjectOwnership?: "BucketOwnerPreferred" | "ObjectWriter" | "BucketOwnerEnforced";
  BucketNamespace?: "account-regional" | "global";
}

export interface S3DeleteBucketPolicyRequest {
  Bucket: string;
  ExpectedBucketOwner?: string;
}

export interface S3DeleteBucketRequest {
  Bucket: string;
  ExpectedBucketOwner?: string;
}

export interface S3DeleteObjectsOutput {
  Deleted?: Array<S3DeletedObject>;
  RequestCharged?: "requester";
  Errors?: Array<S3Error>;
}

export interface S3DeleteObjectsRequest {
  Bucket: string;
  Delete: S3Delete;
  MFA?: string;
  RequestPayer?: "requester";
  BypassGovernanceRetention?: boolean;
  ExpectedBucketOwner?: string;
  ChecksumAlgorithm?: "CRC32" | "CRC32C" | "SHA1" | "SHA256" | "CRC64NVME" | "SHA512" | "MD5" | "XXHASH64" | "XXHASH3" | "XXHASH128";
}

export interface S3GetBucketPolicyOutput {
  Policy?: string;
}

export interface S3GetBucketPolicyRequest {
  Bucket: string;
  ExpectedBucketOwner?: string;
}

export interface S3GetBucketPolicyStatusOutput {
  PolicyStatus?: S3PolicyStatus;
}

export interface S3GetBucketPolicyStatusRequest {
  Bucket: string;
  ExpectedBucketOwner?: string;
}

export interface S3GetPublicAccessBlockOutput {
  PublicAccessBlockConfiguration?: S3PublicAccessBlockConfiguration;
}

export interface S3GetPublicAccessBlockRequest {
  Bucket: string;
  ExpectedBucketOwner?: string;
}

export interface S3ListBucketsOutput {
  Buckets?: Array<S3Bucket>;
  Owner?: S3Owner;
  ContinuationToken?: string;
  Prefix?: string;
}

export interface S3ListBucketsRequest {
  MaxBuckets?: number;
  ContinuationToken?: string;
  Prefix?: string;
  BucketRegion?: string;
}

export interface S3ListObjectsV2Output {
  IsTruncated?: boolean;
  Contents?: Array<S3Object>;
  Name?: string;
  Prefix?: string;
  Delimiter?: string;
  MaxKeys?: number;
  CommonPrefixes?: Array<S3CommonPrefix>;
  EncodingType?: "url";
  KeyCount?: number;
  ContinuationToken?: string;
  NextContinuationToken?: string;
  StartAfter?: string;
  RequestCharged?: "requester";
}

export interface S3ListObjectsV2Request {
  Bucket: string;
  Delimiter?: string;
  EncodingType?: "url";
  MaxKeys?: number;
  Prefix?: string;
  ContinuationToken?: string;
  FetchOwner?: boolean;
  StartAfter?: string;
  RequestPayer?: "requester";
  ExpectedBucketOwner?: string;
  OptionalObjectAttributes?: Array<"RestoreStatus">;
}

export interface S3PutBucketPolicyRequest {
  Bucket: string;
  ContentMD5?: string;
  ChecksumAlgorithm?: "CRC32" | "CRC32C" | "SHA1" | "SHA256" | "CRC64NVME" | "SHA512" | "MD5" | "XXHASH64" | "XXHASH3" | "XXHASH128";
  ConfirmRemoveSelfBucketAccess?: boolean;
  Policy: string;
  ExpectedBucketOwner?: string;
}

export interface S3PutObjectOutput {
  Expiration?: string;
  ETag?: string;
  ChecksumCRC32?: string;
  ChecksumCRC32C?: string;
  ChecksumCRC64NVME?: string;
  ChecksumSHA1?: string;
  ChecksumSHA256?: string;
  ChecksumSHA512?: string;
  ChecksumMD5?: string;
  ChecksumXXHASH64?: string;
  ChecksumXXHASH3?: string;
  ChecksumXXHASH128?: string;
  ChecksumType?: "COMPOSITE" | "FULL_OBJECT";
  ServerSideEncryption?: "AES256" | "aws:fsx" | "aws:backup" | "aws:kms" | "aws:kms:dsse";
  VersionId?: string;
  SSECustomerAlgorithm?: string;
  SSECustomerKeyMD5?: string;
  SSEKMSKeyId?: string;
  SSEKMSEncryptionContext?: string;
  BucketKeyEnabled?: boolean;
  Size?: number;
  RequestCharged?: "requester";
}

export interface S3PutObjectRequest {
  ACL?: "private" | "public-read" | "public-read-write" | "authenticated-read" | "aws-exec-read" | "bucket-owner-read" | "bucket-owner-full-control";
  Body?: string;
  Bucket: string;
  CacheControl?: string;
  ContentDisposition?: string;
  ContentEncoding?: string;
  ContentLanguage?: string;
  ContentLength?: number;
  ContentMD5?: string;
  ContentType?: string;
  ChecksumAlgorithm?: "CRC32" | "CRC32C" | "SHA1" | "SHA256" | "CRC64NVME" | "SHA512" | "MD5" | "XXHASH64" | "XXHASH3" | "XXHASH128";
  ChecksumCRC32?: string;
  ChecksumCRC32C?: string;
  ChecksumCRC64NVME?: string;
  ChecksumSHA1?: string;
  ChecksumSHA256?: string;
  ChecksumSHA512?: string;
  ChecksumMD5?: string;
  ChecksumXXHASH64?: string;
  ChecksumXXHASH3?: string;
  ChecksumXXHASH128?: string;
  Expires?: string;
  IfMatch?: string;
  IfNoneMatch?: string;
  GrantFullControl?: string;
  GrantRead?: string;
  GrantReadACP?: string;
  GrantWriteACP?: string;
  Key: string;
  WriteOffsetBytes?: number;
  Metadata?: Record<string, string>;
  ServerSideEncryption?: "AES256" | "aws:fsx" | "aws:backup" | "aws:kms" | "aws:kms:dsse";
  StorageClass?: "STANDARD" | "REDUCED_REDUNDANCY" | "STANDARD_IA" | "ONEZONE_IA" | "INTELLIGENT_TIERING" | "GLACIER" | "DEEP_ARCHIVE" | "OUTPOSTS" | "GLACIER_IR" | "SNOW" | "EXPRESS_ONEZONE" | "FSX_OPENZFS" | "FSX_ONTAP" | "AWS_BACKUP_WARM" | "AWS_BACKUP_LOW_COST_WARM";
  WebsiteRedirectLocation?: string;
  SSECustomerAlgorithm?: string;
  SSECustomerKey?: string;
  SSECustomerKeyMD5?: string;
  SSEKMSKeyId?: string;
  SSEKMSEncryptionContext?: string;
  BucketKeyEnabled?: boolean;
  RequestPayer?: "requester";
  Tagging?: string;
  ObjectLockMode?: "GOVERNANCE" | "COMPLIANCE";
  ObjectLockRetainUntilDate?: string;
  ObjectLockLegalHoldStatus?: "ON" | "OFF";
  ObjectLockEventHold?: "ON" | "OFF";
  ObjectLockEventHoldDurationDays?: number;
  ObjectLockEventHoldDurationYears?: number;
  ExpectedBucketOwner?: string;
}

export interface S3PutPublicAccessBlockRequest {
  Bucket: string;
  ContentMD5?: string;
  ChecksumAlgorithm?: "CRC32" | "CRC32C" | "SHA1" | "SHA256" | "CRC64NVME" | "SHA512" | "MD5" | "XXHASH64" | "XXHASH3" | "XXHASH128";
  PublicAccessBlockConfiguration: S3PublicAccessBlockConfiguration;
  ExpectedBucketOwner?: string;
}

export interface S3Bucket {
  Name?: string;
  CreationDate?: string;
  BucketRegion?: string;
  BucketArn?: string;
}

export interface S3CommonPrefix {
  Prefix?: string;
}

export interface S3CreateBucketConfiguration {
  LocationConstraint?: "af-south-1" | "ap-east-1" | "ap-east-2" | "ap-northeast-1" | "ap-northeast-2" | "ap-northeast-3" | "ap-south-1" | "ap-south-2" | "ap-southeast-1" | "ap-southeast-2" | "ap-southeast-3" | "ap-southeast-4" | "ap-southeast-5" | "ap-southeast-6" | "ap-southeast-7" | "ca-central-1" | "ca-west-1" | "cn-north-1" | "cn-northwest-1" | "EU" | "eu-central-1" | "eu-central-2" | "eu-north-1" | "eu-south-1" | "eu-south-2" | "eu-west-1" | "eu-west-2" | "eu-west-3" | "il-central-1" | "me-central-1" | "me-south-1" | "mx-central-1" | "sa-east-1" | "us-east-2" | "us-gov-east-1" | "us-gov-west-1" | "us-west-1" | "us-west-2";
  Location?: S3LocationInfo;
  Bucket?: S3BucketInfo;
  Tags?: Array<S3Tag>;
}

export interface S3Delete {
  Objects: Array<S3ObjectIdentifier>;
  Quiet?: boolean;
}

export interface S3DeletedObject {
  Key?: string;
  VersionId?: string;
  DeleteMarker?: boolean;
  DeleteMarkerVersionId?: string;
}

export interface S3Error {
  Key?: string;
  VersionId?: string;
  Code?: string;
  Message?: string;
}

export interface S3Object {
  Key?: string;
  LastModified?: string;
  ETag?: string;
  ChecksumAlgorithm?: Array<"CRC32" | "CRC32C" | "SHA1" | "SHA256" | "CRC64NVME" | "SHA512" | "MD5" | "XXHASH64" | "XXHASH3" | "XXHASH128">;
  ChecksumType?: "COMPOSITE" | "FULL_OBJECT";
  Size?: number;
  StorageClass?: "STANDARD" | "REDUCED_REDUNDANCY" | "GLACIER" | "STANDARD_IA" | "ONEZONE_IA" | "INTELLIGENT_TIERING" | "DEEP_ARCHIVE" | "OUTPOSTS" | "GLACIER_IR" | "SNOW" | "EXPRESS_ONEZONE" | "FSX_OPENZFS" | "FSX_ONTAP" | "AWS_BACKUP_WARM" | "AWS_BACKUP_LOW_COST_WARM";
  Owner?: S3Owner;
  RestoreStatus?: S3RestoreStatus;
}

export interface S3Owner {
  DisplayName?: string;
  ID?: string;
}

export interface S3PolicyStatus {
  IsPublic?: boolean;
}

export interface S3PublicAccessBlockConfiguration {
  BlockPublicAcls?: boolean;
  IgnorePublicAcls?: boolean;
  BlockPublicPolicy?: boolean;
  RestrictPublicBuckets?: boolean;
}

export interface S3BucketInfo {
  DataRedundancy?: "SingleAvailabilityZone" | "SingleLocalZone";
  Type?: "Directory";
}

export interface S3LocationInfo {
  Type?: "AvailabilityZone" | "LocalZone";
  Name?: string;
}

export interface S3ObjectIdentifier {
  Key: string;
  VersionId?: string;
  ETag?: string;
  LastModifiedTime?: string;
  Size?: number;
}

export interface S3RestoreStatus {
  IsRestoreInProgress?: boolean;
  RestoreExpiryDate?: string;
}

export interface S3Tag {
  Key: string;
  Value: string;
}

export interface Operations {
  iam: {
    AddRoleToInstanceProfile: { input: IamAddRoleToInstanceProfileRequest; output: Record<string, never> };
    AddUserToGroup: { input: IamAddUserToGroupRequest; output: Record<string, never> };
    AttachGroupPolicy: { input: IamAttachGroupPolicyRequest; output: Record<string, never> };
    AttachRolePolicy: { input: IamAttachRolePolicyRequest; output: Record<string, never> };
    AttachUserPolicy: { input: IamAttachUserPolicyRequest; output: Record<string, never> };
    CreateAccessKey: { input: IamCreateAccessKeyRequest; output: IamCreateAccessKeyResponse };
    CreateAccountAlias: { input: IamCreateAccountAliasRequest; output: Record<string, never> };
    CreateGroup: { input: IamCreateGroupRequest; output: IamCreateGroupResponse };
    CreateInstanceProfile: { input: IamCreateInstanceProfileRequest; output: IamCreateInstanceProfileResponse };
    CreateLoginProfile: { input: IamCreateLoginProfileRequest; output: IamCreateLoginProfileResponse };
    CreatePolicy: { input: IamCreatePolicyRequest; output: IamCreatePolicyResponse };
    CreatePolicyVersion: { input: IamCreatePolicyVersionRequest; output: IamCreatePolicyVersionResponse };
    CreateRole: { input: IamCreateRoleRequest; output: IamCreateRoleResponse };
    CreateUser: { input: IamCreateUserRequest; output: IamCreateUserResponse };
    CreateVirtualMFADevice: { input: IamCreateVirtualMFADeviceRequest; output: IamCreateVirtualMFADeviceResponse };
    DeactivateMFADevice: { input: IamDeactivateMFADeviceRequest; output: Record<string, never> };
    DeleteAccessKey: { input: IamDeleteAccessKeyRequest; output: Record<string, never> };
    DeleteAccountAlias: { input: IamDeleteAccountAliasRequest; output: Record<string, never> };
    DeleteGroup: { input: IamDeleteGroupRequest; output: Record<string, never> };
    DeleteGroupPolicy: { input: IamDeleteGroupPolicyRequest; output: Record<string, never> };
    DeleteInstanceProfile: { input: IamDeleteInstanceProfileRequest; output: Record<string, never> };
    DeleteLoginProfile: { input: IamDeleteLoginProfileRequest; output: Record<string, never> };
    DeletePolicy: { input: IamDeletePolicyRequest; output: Record<string, never> };
    DeletePolicyVersion: { input: IamDeletePolicyVersionRequest; output: Record<string, never> };
    DeleteRole: { input: IamDeleteRoleRequest; output: Record<string, never> };
    DeleteRolePermissionsBoundary: { input: IamDeleteRolePermissionsBoundaryRequest; output: Record<string, never> };
    DeleteRolePolicy: { input: IamDeleteRolePolicyRequest; output: Record<string, never> };
    DeleteUser: { input: IamDeleteUserRequest; output: Record<string, never> };
    DeleteUserPermissionsBoundary: { input: IamDeleteUserPermissionsBoundaryRequest; output: Record<string, never> };
    DeleteUserPolicy: { input: IamDeleteUserPolicyRequest; output: Record<string, never> };
    DeleteVirtualMFADevice: { input: IamDeleteVirtualMFADeviceRequest; output: Record<string, never> };
    DetachGroupPolicy: { input: IamDetachGroupPolicyRequest; output: Record<string, never> };
    DetachRolePolicy: { input: IamDetachRolePolicyRequest; output: Record<string, never> };
    DetachUserPolicy: { input: IamDetachUserPolicyRequest; output: Record<string, never> };
    EnableMFADevice: { input: IamEnableMFADeviceRequest; output: Record<string, never> };
    GetAccessKeyLastUsed: { input: IamGetAccessKeyLastUsedRequest; output: IamGetAccessKeyLastUsedResponse };
    GetAccountPasswordPolicy: { input: Record<string, never>; output: IamGetAccountPasswordPolicyResponse };
    GetAccountSummary: { input: Record<string, never>; output: IamGetAccountSummaryResponse };
    GetGroup: { input: IamGetGroupRequest; output: IamGetGroupResponse };
    GetGroupPolicy: { input: IamGetGroupPolicyRequest; output: IamGetGroupPolicyResponse };
    GetLoginProfile: { input: IamGetLoginProfileRequest; output: IamGetLoginProfileResponse };
    GetPolicy: { input: IamGetPolicyRequest; output: IamGetPolicyResponse };
    GetPolicyVersion: { input: IamGetPolicyVersionRequest; output: IamGetPolicyVersionResponse };
    GetRole: { input: IamGetRoleRequest; output: IamGetRoleResponse };
    GetRolePolicy: { input: IamGetRolePolicyRequest; output: IamGetRolePolicyResponse };
    GetUser: { input: IamGetUserRequest; output: IamGetUserResponse };
    GetUserPolicy: { input: IamGetUserPolicyRequest; output: IamGetUserPolicyResponse };
    ListAccessKeys: { input: IamListAccessKeysRequest; output: IamListAccessKeysResponse };
    ListAttachedGroupPolicies: { input: IamListAttachedGroupPoliciesRequest; output: IamListAttachedGroupPoliciesResponse };
    ListAttachedRolePolicies: { input: IamListAttachedRolePoliciesRequest; output: IamListAttachedRolePoliciesResponse };
    ListAttachedUserPolicies: { input: IamListAttachedUserPoliciesRequest; output: IamListAttachedUserPoliciesResponse };
    ListEntitiesForPolicy: { input: IamListEntitiesForPolicyRequest; output: IamListEntitiesForPolicyResponse };
    ListGroupPolicies: { input: IamListGroupPoliciesRequest; output: IamListGroupPoliciesResponse };
    ListGroups: { input: IamListGroupsRequest & { NamePrefix?: string }; output: IamListGroupsResponse };
    ListGroupsForUser: { input: IamListGroupsForUserRequest; output: IamListGroupsForUserResponse };
    ListInstanceProfilesForRole: { input: IamListInstanceProfilesForRoleRequest; output: IamListInstanceProfilesForRoleResponse };
    ListMFADevices: { input: IamListMFADevicesRequest; output: IamListMFADevicesResponse };
    ListPolicies: { input: IamListPoliciesRequest; output: IamListPoliciesResponse };
    ListPolicyVersions: { input: IamListPolicyVersionsRequest; output: IamListPolicyVersionsResponse };
    ListRolePolicies: { input: IamListRolePoliciesRequest; output: IamListRolePoliciesResponse };
    ListRoles: { input: IamListRolesRequest & { NamePrefix?: string }; output: IamListRolesResponse };
    ListUserPolicies: { input: IamListUserPoliciesRequest; output: IamListUserPoliciesResponse };
    ListUserTags: { input: IamListUserTagsRequest; output: IamListUserTagsResponse };
    ListUsers: { input: IamListUsersRequest & { NamePrefix?: string }; output: IamListUsersResponse };
    PutGroupPolicy: { input: IamPutGroupPolicyRequest; output: Record<string, never> };
    PutRolePermissionsBoundary: { input: IamPutRolePermissionsBoundaryRequest; output: Record<string, never> };
    PutRolePolicy: { input: IamPutRolePolicyRequest; output: Record<string, never> };
    PutUserPermissionsBoundary: { input: IamPutUserPermissionsBoundaryRequest; output: Record<string, never> };
    PutUserPolicy: { input: IamPutUserPolicyRequest; output: Record<string, never> };
    RemoveRoleFromInstanceProfile: { input: IamRemoveRoleFromInstanceProfileRequest; output: Record<string, never> };
    RemoveUserFromGroup: { input: IamRemoveUserFromGroupRequest; output: Record<string, never> };
    ResyncMFADevice: { input: IamResyncMFADeviceRequest; output: Record<string, never> };
    SetDefaultPolicyVersion: { input: IamSetDefaultPolicyVersionRequest; output: Record<string, never> };
    TagUser: { input: IamTagUserRequest; output: Record<string, never> };
    UntagUser: { input: IamUntagUserRequest; output: Record<string, never> };
    UpdateAccessKey: { input: IamUpdateAccessKeyRequest; output: Record<string, never> };
    UpdateAccountPasswordPolicy: { input: IamUpdateAccountPasswordPolicyRequest; output: Record<string, never> };
    UpdateAssumeRolePolicy: { input: IamUpdateAssumeRolePolicyRequest; output: Record<string, never> };
    UpdateLoginProfile: { input: IamUpdateLoginProfileRequest; output: Record<string, never> };
  };
  s3: {
    CreateBucket: { input: S3CreateBucketRequest; output: S3CreateBucketOutput };
    DeleteBucket: { input: S3DeleteBucketRequest; output: Record<string, never> };
    DeleteBucketPolicy: { input: S3DeleteBucketPolicyRequest; output: Record<string, never> };
    DeleteObjects: { input: S3DeleteObjectsRequest; output: S3DeleteObjectsOutput };
    GetBucketPolicy: { input: S3GetBucketPolicyRequest; output: S3GetBucketPolicyOutput };
    GetBucketPolicyStatus: { input: S3GetBucketPolicyStatusRequest; output: S3GetBucketPolicyStatusOutput };
    GetPublicAccessBlock: { input: S3GetPublicAccessBlockRequest; output: S3GetPublicAccessBlockOutput };
    ListBuckets: { input: S3ListBucketsRequest; output: S3ListBucketsOutput };
    ListObjectsV2: { input: S3ListObjectsV2Request; output: S3ListObjectsV2Output };
    PutBucketPolicy: { input: S3PutBucketPolicyRequest; output: Record<string, never> };
    PutObject: { input: S3PutObjectRequest; output: S3PutObjectOutput };
    PutPublicAccessBlock: { input: S3PutPublicAccessBlockRequest; output: Record<string, never> };
  };
}
